import importlib.metadata
import json
import sys
from pathlib import Path

import pytest

from trainstudy.book import freshness
from trainstudy.book.freshness import changes, fingerprint, is_input, manifest, stamp
from trainstudy.book.trace import changed_at


@pytest.fixture
def study(project):
    """A project with a file and a folder, and what a kernel's trace says of them."""
    for name in ("data/a.csv", "runs/one/run.json", "notebooks/n.ipynb"):
        (project.root / name).parent.mkdir(parents=True, exist_ok=True)
        (project.root / name).write_text("1")
    part = project.notebook("n", "pass")
    trace = {
        "read": {str(p): changed_at(p) for p in [project.root / "data/a.csv", part.notebook]},
        "listed": [str(project.root / "runs"), str(project.root)],
        "modules": {freshness.__file__: changed_at(freshness.__file__)},
        "packages": ["numpy", "json", "trainstudy"],
        "python": ".".join(map(str, sys.version_info[:3])),
    }
    return project.root, part.notebook, trace


def test_inputs_are_data_folders_modules_and_versions(study):
    root, notebook, trace = study
    known = manifest(notebook, {}, trace, root)
    assert set(known["files"]) == {"data/a.csv", "runs", freshness.__file__}
    assert known["packages"] == {"numpy": importlib.metadata.version("numpy")}
    assert changes(json.loads(json.dumps(known)), notebook, {}, root) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda root: (root / "data/a.csv").write_text("2"), "data/a.csv"),
        (lambda root: (root / "data/a.csv").unlink(), "data/a.csv"),
        (lambda root: (root / "runs/two").mkdir(), "runs"),
        (lambda root: (root / "runs/one").rename(root / "runs/uno"), "runs"),
    ],
    ids=["altered", "deleted", "folder grew", "folder renamed"],
)
def test_a_changed_input_is_a_reason(study, change, reason):
    root, notebook, trace = study
    known = manifest(notebook, {}, trace, root)
    change(root)
    assert changes(known, notebook, {}, root) == [reason]


def test_touching_a_file_or_changing_what_is_no_input_is_no_reason(study):
    root, notebook, trace = study
    known = manifest(notebook, {}, trace, root)
    (root / "data/a.csv").touch()
    (root / "runs/.DS_Store").touch()
    (root / "data/b.csv").touch()
    assert changes(known, notebook, {}, root) == []


def test_another_version_of_a_package_or_of_python_is_a_reason(study, monkeypatch):
    root, notebook, trace = study
    known = manifest(notebook, {}, trace, root)
    monkeypatch.setattr(importlib.metadata, "version", lambda name: f"{name} 99")
    assert changes(known, notebook, {}, root) == ["package numpy"]

    def gone(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", gone)
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    assert changes(known, notebook, {}, root) == ["python", "package numpy"]


def test_a_file_that_changes_while_the_notebook_runs_leaves_it_stale(study):
    root, notebook, trace = study
    trace["read"][str(root / "data/a.csv")] -= 1
    known = manifest(notebook, {}, trace, root)
    assert changes(known, notebook, {}, root) == ["data/a.csv"]


def test_the_stamp_follows_cells_tags_and_parameters_and_not_outputs(project):
    part = project.notebook("n", "1 + 1", "2")
    content = json.loads(part.notebook.read_text())

    def stamped(**parameters):
        part.notebook.write_text(json.dumps(content))
        return stamp(part.notebook, parameters)

    first = stamped()
    content["cells"][0]["execution_count"] = 7
    content["metadata"]["language_info"] = {"name": "python"}
    assert stamped() == first
    assert stamped(a=1, b=2) == stamped(b=2, a=1) != first
    content["cells"][0]["metadata"]["tags"] = ["hide-input"]
    assert (tagged := stamped()) != first
    content["cells"].reverse()
    assert stamped() != tagged


def test_a_fingerprint_tells_absent_empty_and_folder_apart(tmp_path):
    (tmp_path / "empty").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "empty").touch()
    found = [fingerprint(tmp_path / name) for name in ("none", "empty", "folder")]
    assert found[0] == "absent"
    assert len(set(found)) == 3


ROOT = Path("/home/someone/study")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (ROOT / "reports/a.csv", True),
        (ROOT / "notebooks/own.csv", True),
        (Path("/data/runs/scalars.json"), True),
        (Path("/home/someone/WEIGHTS/results.json"), True),
        (ROOT, False),
        (ROOT / "notebooks", False),
        (ROOT / "notebooks/n.ipynb", False),
        (ROOT / "_build/executed/runs/run.json", False),
        (ROOT / ".git/HEAD", False),
        (ROOT / "env/lib/data.txt", False),
        (ROOT / "src/x/__pycache__/x.pyc", False),
        (Path("/tmp/kernel.json"), False),
        (Path("/home/someone/.config/matplotlib"), False),
        (Path("/usr/share/fonts/a.ttf"), False),
        (Path("/proc/meminfo"), False),
    ],
)
def test_what_counts_as_an_input(path, expected, monkeypatch):
    monkeypatch.setattr(sys, "prefix", str(ROOT / "env"))
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/tmp")
    monkeypatch.setattr(Path, "home", lambda: Path("/home/someone"))
    assert is_input(path, ROOT / "notebooks/n.ipynb", ROOT) is expected


def test_what_a_parameter_names_is_an_input_wherever_it_is(study):
    root, notebook, trace = study
    outside = root.parent / "tmp_runs"  # pytest's folders are temporary ones
    outside.mkdir()
    (outside / "a.csv").touch()
    trace["read"][str(outside / "a.csv")] = changed_at(outside / "a.csv")
    assert str(outside / "a.csv") not in manifest(notebook, {}, trace, root)["files"]
    named = manifest(notebook, {"runs": str(outside)}, trace, root)
    assert str(outside / "a.csv") in named["files"]
