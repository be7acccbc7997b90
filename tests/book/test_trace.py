import json
import os
import sys

import pytest

from trainstudy.book import trace as module
from trainstudy.book.trace import TRACE, Trace, changed_at


@pytest.fixture
def watched(tmp_path, monkeypatch):
    """Call a function and return what its trace says; audit hooks cannot be taken back."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(TRACE, str(tmp_path / "trace.json"))

    def watch(function):
        trace, on = Trace(), [True]
        sys.addaudithook(lambda event, arguments: trace.hook(event, arguments) if on else None)
        try:
            function()
        finally:
            on.clear()
        trace.dump()
        return json.loads((tmp_path / "trace.json").read_text())

    return watch


def test_what_is_read_is_known_with_its_time_of_change_and_without_dots(tmp_path, watched):
    (tmp_path / "a.csv").write_text("1")
    (tmp_path / "folder").mkdir()

    def work():
        (tmp_path / "folder" / ".." / "a.csv").read_text()
        with open(b"a.csv", "rb"):  # noqa: PTH123
            pass
        os.close(os.open(tmp_path / "a.csv", os.O_RDONLY))

    found = watched(work)
    assert found["read"] == {str(tmp_path / "a.csv"): changed_at(tmp_path / "a.csv")}


def test_a_file_that_was_looked_for_in_vain_is_an_input(tmp_path, watched):
    def work():
        with pytest.raises(FileNotFoundError):
            (tmp_path / "none.csv").read_text()

    assert watched(work)["read"] == {str(tmp_path / "none.csv"): None}


@pytest.mark.parametrize("mode", ["w", "a", "x", "w+", "r+"])
def test_what_is_written_is_no_input_though_it_is_read_again(tmp_path, watched, mode):
    path = tmp_path / "own.txt"
    if mode == "r+":
        path.write_text("before")

    def work():
        with path.open(mode):
            pass
        path.read_text()

    assert watched(work)["read"] == {}


def test_a_draft_put_in_its_place_is_written(tmp_path, watched):
    def work():
        (tmp_path / "draft").write_text("{}")
        (tmp_path / "draft").replace(tmp_path / "run.json")
        (tmp_path / "run.json").read_text()

    assert watched(work)["read"] == {}


def test_folders_listed_are_known(tmp_path, watched):
    (tmp_path / "walked").mkdir()

    def work():
        list((tmp_path / "walked").iterdir())
        list(tmp_path.glob("*.csv"))

    assert watched(work)["listed"] == [str(tmp_path), str(tmp_path / "walked")]


def test_modules_of_this_package_are_files_and_installed_ones_are_names(watched):
    found = watched(lambda: None)
    assert found["modules"][module.__file__] == changed_at(module.__file__)
    assert not any(name.startswith(sys.prefix) for name in found["modules"])
    assert {"pytest", "trainstudy"} <= set(found["packages"])
    assert not any("." in name for name in found["packages"])
