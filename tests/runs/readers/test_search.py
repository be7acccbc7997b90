import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from trainstudy.runs.readers import read_runs
from trainstudy.runs.readers.search import run_folder, search
from trainstudy.runs.readers.skipped import Skipped

Write = Callable[[str, Iterable[object] | str], Path]
ROWS = [{"loss": 1.0, "iter": 5, "step": 5}, {"mIoU": 40.0, "step": 5}]


def test_links_are_followed_once(tmp_path: Path, write: Write) -> None:
    write("far/gen_x/d/m/scalars.json", ROWS)
    (tmp_path / "w").mkdir()
    (tmp_path / "w/linked").symlink_to(tmp_path / "far")
    (tmp_path / "far/gen_x/loop").symlink_to(tmp_path / "far")
    assert len(read_runs(tmp_path / "w").curves) == 1


def test_what_cannot_be_read_is_reported(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("m/scalars.json", ROWS)
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.log")
    forbidden = write("forbidden.log", "")
    original = Path.open

    def guarded(self: Path, *args: object, **kwargs: object) -> object:
        if self == forbidden:
            raise PermissionError(13, "Permission denied")
        return original(self, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", guarded)
    reading = read_runs(tmp_path)
    assert len(reading.curves) == 1
    reasons = dict(zip(reading.skipped["file"], reading.skipped["reason"], strict=True))
    assert reasons["gone.json"] == "cannot be read: No such file or directory"
    assert reasons["forbidden.log"] == "cannot be read: Permission denied"


def test_other_files_are_none_of_our_business(tmp_path: Path, write: Write) -> None:
    write("coco.json", '{"images": [], "annotations": []}')
    write("package.json", '{"kind": "thing", "mode": "dark", "step": 1}')
    write("model.py", "import torch\n")
    write(".hidden/scalars.json", ROWS)
    write("manifest.csv", "a,b\n")
    skipped = Skipped()
    found = search(tmp_path, skipped)
    assert not found.runs
    assert not found.tables
    assert skipped.frame()["file"].tolist() == ["manifest.csv"]


def test_names_that_are_no_text(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/none/d/m\xff"
    os.makedirs(folder)  # noqa: PTH103  pathlib takes no bytes
    Path(os.fsdecode(folder), "scalars.json").write_text("\n".join(map(json.dumps, ROWS)))
    rows = read_runs(tmp_path).curves
    assert rows[["strategy", "model", "run"]].to_numpy().tolist() == [["none", "m?", "none/d/m?"]]


def test_a_run_folder_is_never_above_the_root() -> None:
    path = Path("/a/m/test_results/20260101_000000/results.json")
    assert run_folder(path, Path("/a")) == Path("/a/m")
    assert run_folder(path, Path("/a/m/test_results")) == Path("/a/m/test_results")
    assert run_folder(path, path) == Path("/a/m")
