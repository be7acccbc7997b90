import json

from trainstudy.book.execute import Chapter, chapter, declared_parameters


def test_a_chapter_gets_the_parameters_that_it_declares(project):
    part = project.notebook("n", "year = 3", parameters='runs = "published"\nunit = "percent"')
    found = chapter(part.notebook, part.store, {"runs": "/data/runs.csv", "year": 2, "phases": []})
    assert found.parameters == {"runs": "/data/runs.csv"}
    assert found.stale(project.root) == ["never executed"]


def test_a_notebook_without_a_parameters_cell_declares_none(project):
    assert declared_parameters(project.notebook("n", "runs = 1").notebook) == set()


def test_records_of_trainings_go_below_the_store_whatever_is_given(project):
    part = project.notebook("n", parameters="runs_root = None")
    found = chapter(part.notebook, part.store, {"runs_root": "/elsewhere"})
    assert found.parameters == {"runs_root": "../_build/executed/runs/n"}


def test_a_chapter_is_current_until_something_it_depends_on_changes(project):
    (project.root / "data").mkdir()
    (project.root / "data" / "a.csv").write_text("41")
    (project.root / "notebooks").mkdir()
    (project.root / "notebooks" / "helper.py").write_text("one = 1")
    part = project.notebook(
        "n",
        "from pathlib import Path\nfrom helper import one\nroot = Path(runs_root)",
        "root.mkdir(parents=True)  # fails where an earlier execution's is left",
        "Path('own.txt').write_text(Path('../data/a.csv').read_text())",
        "print(int(Path('own.txt').read_text()) + one, len(list(Path('../data').iterdir())))",
        parameters="runs_root = None",
    )
    done = project.refresh(part)
    assert done.stdout.split() == ["n.ipynb"], done.stderr
    assert "42 1" in part.executed.read_text()
    assert "42 1" not in part.notebook.read_text()
    files = json.loads(part.manifest.read_text())["files"]
    assert {name for name in files if "trainstudy" not in name} == {
        "data", "data/a.csv", "notebooks/helper.py"
    }  # fmt: skip
    assert part.stale(project.root) == []
    assert project.refresh(part).stdout.split() == []

    (project.root / "data" / "a.csv").write_text("1")
    assert part.stale(project.root) == ["data/a.csv"]
    assert project.refresh(part).stdout.split() == ["n.ipynb"]
    assert "2 1" in part.executed.read_text()

    part.executed.unlink()
    assert part.stale(project.root) == ["never executed"]
    other = Chapter(part.notebook, {**part.parameters, "seed": 1}, part.store)
    part.executed.touch()
    assert other.stale(project.root) == ["cells or parameters"]


def test_failures_are_told_with_their_tracebacks_and_the_others_are_kept(project):
    raises = project.notebook("raises", "def inner():\n    raise ValueError('planted')", "inner()")
    dies = project.notebook("dies", "import os\nos.kill(os.getpid(), 9)")
    sound = project.notebook("sound", "print('sound')")
    empty = project.notebook("empty")
    done = project.refresh(raises, dies, sound, empty)
    assert done.returncode != 0
    assert "notebooks/raises.ipynb failed" in done.stderr
    assert "ValueError: planted" in done.stderr
    assert "raise ValueError('planted')" in done.stderr
    assert "notebooks/dies.ipynb failed" in done.stderr
    assert [part.stale(project.root) for part in (raises, dies)] == [["never executed"]] * 2
    assert [part.stale(project.root) for part in (sound, empty)] == [[], []]


def test_a_chapter_that_fails_has_no_earlier_result(project):
    part = project.notebook("n", "1")
    assert project.refresh(part).returncode == 0
    part = project.notebook("n", "1 / 0")
    assert part.stale(project.root) == ["cells or parameters"]
    assert "ZeroDivisionError" in project.refresh(part).stderr
    assert part.stale(project.root) == ["never executed"]
