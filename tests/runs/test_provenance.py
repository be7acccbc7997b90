import json
import platform
import shutil
import subprocess
from importlib.metadata import version

import pytest

from trainstudy.runs import provenance


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A repository that holds the package's folder; git's own settings are left out."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, "/dev/null")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    package = tmp_path / "src" / "trainstudy"
    (package / "runs").mkdir(parents=True)
    shutil.copy(provenance.__file__, package / "runs" / "provenance.py")
    (package / "other.py").write_text("x = 1\n")
    (tmp_path / "notes.md").write_text("notes")
    monkeypatch.setattr(provenance, "__file__", str(package / "runs" / "provenance.py"))

    def git(*arguments):
        who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]
        command = ["git", *who, "-C", str(tmp_path), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    return tmp_path, git


def commit():
    return provenance.commit.__wrapped__()  # it is cached for the life of a process


def test_a_commit_is_dirty_once_the_package_is_changed_and_only_then(checkout):
    root, git = checkout
    git("init")
    git("add", ".")
    git("commit", "-m", "all")
    head = git("rev-parse", "HEAD")
    (root / "notes.md").write_text("other notes")
    assert commit() == {"commit": head, "dirty": False}
    (root / "src/trainstudy/other.py").write_text("x = 2\n")
    assert commit() == {"commit": head, "dirty": True}
    git("checkout", "src")
    (root / "src/trainstudy/new.py").touch()
    assert commit() == {"commit": head, "dirty": True}


def test_outside_a_checkout_and_below_somebody_elses_there_is_no_commit(checkout):
    root, git = checkout
    nothing = {"commit": None, "dirty": None}
    assert commit() == nothing
    git("init")
    assert commit() == nothing  # no commit yet
    (root / ".gitignore").write_text("src/")  # installed into a folder that they ignore
    git("add", ".")
    git("commit", "-m", "theirs")
    assert commit() == nothing


def test_without_git_there_is_no_commit(checkout, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert commit() == {"commit": None, "dirty": None}


def test_versions_are_those_installed_and_a_record_can_carry_them(monkeypatch):
    found = provenance.versions()
    assert found["python"] == platform.python_version()
    assert {"trainstudy", "torch", "numpy", "onedl-mmsegmentation"} <= set(found)
    assert found["torch"] == version("torch")
    assert json.loads(json.dumps(found)) == found
    monkeypatch.setattr(provenance, "PACKAGES", ("numpy", "no-such-package-of-a-test"))
    assert set(provenance.versions()) == {"python", "numpy"}


def test_an_export_says_by_the_environment_which_commit_it_is_of(checkout, monkeypatch):
    monkeypatch.setenv("TRAINSTUDY_COMMIT", "0123abc")
    assert commit() == {"commit": "0123abc", "dirty": None}
