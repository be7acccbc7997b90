from pathlib import Path

import pytest

from trainstudy import paths
from trainstudy.paths import project_root, resolve


@pytest.fixture
def checkout(tmp_path):
    root = tmp_path / "checkout"
    (root / "src" / "trainstudy").mkdir(parents=True)
    (root / "notebooks" / "deep").mkdir(parents=True)
    (root / "_config.yml").touch()
    return root


def test_the_project_is_found_from_anywhere_in_it(checkout, monkeypatch):
    assert project_root(checkout / "notebooks" / "deep") == checkout
    monkeypatch.chdir(checkout / "notebooks")
    assert project_root() == checkout


def test_elsewhere_it_is_the_one_that_this_package_belongs_to(tmp_path, monkeypatch):
    (tmp_path / "_config.yml").touch()  # of somebody's web site, say
    monkeypatch.chdir(tmp_path)
    assert Path(paths.__file__).is_relative_to(project_root())


def test_outside_of_every_checkout_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "site-packages" / "paths.py"))
    with pytest.raises(FileNotFoundError, match=f"no _config.yml above {tmp_path} or "):
        project_root(tmp_path)


def test_a_relative_path_is_looked_for_here_first_and_then_in_the_project(checkout, monkeypatch):
    monkeypatch.chdir(checkout / "notebooks")
    (checkout / "runs").mkdir()
    assert resolve("runs") == checkout / "runs"
    (checkout / "notebooks" / "runs").mkdir()
    assert resolve("runs") == checkout / "notebooks" / "runs"
    assert resolve(checkout / "runs") == checkout / "runs"


def test_the_home_folder_is_expanded(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "WEIGHTS_EXTENDED").mkdir()
    assert resolve("~/WEIGHTS_EXTENDED") == tmp_path / "WEIGHTS_EXTENDED"


def test_what_is_in_neither_place_is_refused_with_both(checkout, monkeypatch):
    monkeypatch.chdir(checkout / "notebooks")
    with pytest.raises(FileNotFoundError) as caught:
        resolve("none")
    for place in (checkout / "notebooks" / "none", checkout / "none"):
        assert str(place) in str(caught.value)
    with pytest.raises(FileNotFoundError, match=r"/nowhere/x: looked for /nowhere/x$"):
        resolve("/nowhere/x")
