from types import SimpleNamespace

import pytest
from sphinx.errors import ExtensionError

from trainstudy.book import extension
from trainstudy.book.execute import NotebookError
from trainstudy.book.overview import FrontPage
from trainstudy.book.study import ExtendedTraining
from trainstudy.book.task_plan import TaskPlan
from trainstudy.book.task_study import JointVsSequential


@pytest.fixture
def app(project, monkeypatch):
    """What the extension asks of Sphinx, and a record of what it has executed."""
    project.notebook("study", parameters='runs = "published"')
    project.notebook("streets", parameters="seed = 7")
    project.notebook("tasks", parameters='runs = "results/multitask/minis"')
    refreshed = []

    def refresh(chapters, root, workers):
        refreshed.extend(chapters)
        return {"study.ipynb": ["data/a.csv"]}

    monkeypatch.setattr(extension, "refresh", refresh)
    for name in extension.RUNS:
        monkeypatch.delenv(name, raising=False)
    pages = ["notebooks/study", "notebooks/streets", "notebooks/tasks", "book/method"]
    return SimpleNamespace(
        srcdir=project.root,
        outdir=project.root / "_build" / "html",
        config=SimpleNamespace(study_parameters={}, external_site_map=dict.fromkeys(pages)),
        refreshed=refreshed,
    )


def test_notebooks_of_the_table_of_contents_are_executed(app):
    extension._execute(app)
    assert [part.notebook.stem for part in app.refreshed] == ["study", "streets", "tasks"]
    assert [part.parameters for part in app.refreshed] == [{}, {}, {}]
    assert {part.store for part in app.refreshed} == {app.srcdir / "_build" / "executed"}
    assert set(app.study_chapters) == {"notebooks/study", "notebooks/streets", "notebooks/tasks"}


def test_the_environment_says_whose_runs_are_read(app, monkeypatch, tmp_path):
    (tmp_path / "runs.csv").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRAINSTUDY_RUNS", "runs.csv")
    app.config.study_parameters = {"seed": 3, "runs": "overruled"}
    extension._execute(app)
    given = {part.notebook.stem: part.parameters for part in app.refreshed}
    assert given == {
        "study": {"runs": str(tmp_path / "runs.csv")},
        "streets": {"seed": 3},
        "tasks": {"runs": "overruled"},
    }


def test_runs_are_given_to_the_chapters_that_can_read_them(app, monkeypatch):
    monkeypatch.setenv("TRAINSTUDY_RUNS", "/runs")
    extension._execute(app)
    assert [part.parameters for part in app.refreshed] == [{"runs": "/runs"}, {}, {}]
    app.refreshed.clear()
    monkeypatch.setenv("TRAINSTUDY_TASK_RUNS", "/tasks")
    extension._execute(app)
    expected = [{"runs": "/runs"}, {}, {"runs": "/tasks"}]
    assert [part.parameters for part in app.refreshed] == expected


def test_the_defaults_that_are_replaced_are_those_of_the_chapters():
    assert [*extension.RUNS.values()] == [ExtendedTraining().runs, JointVsSequential().runs]
    assert (TaskPlan().runs, FrontPage().task_runs) == (JointVsSequential().runs,) * 2


def test_the_home_folder_is_expanded(app, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TRAINSTUDY_RUNS", "~/WEIGHTS_EXTENDED")
    extension._execute(app)
    assert app.refreshed[0].parameters == {"runs": str(tmp_path / "WEIGHTS_EXTENDED")}


def test_a_parameter_that_no_notebook_has_is_an_error_before_any_work(app):
    app.config.study_parameters = {"run": "x", "seed": 3}
    with pytest.raises(ExtensionError, match="study_parameters: no notebook has run"):
        extension._execute(app)
    assert app.refreshed == []


def test_a_failing_notebook_fails_the_build_with_its_traceback(app, monkeypatch):
    def fail(*_, **__):
        raise NotebookError("study.ipynb failed\nValueError: planted")

    monkeypatch.setattr(extension, "refresh", fail)
    with pytest.raises(ExtensionError, match=r"study.ipynb failed\nValueError: planted"):
        extension._execute(app)


def test_pages_are_read_from_executions_newer_than_what_sphinx_has(app):
    extension._execute(app)
    for part in app.refreshed:
        part.store.mkdir(parents=True, exist_ok=True)
        part.executed.write_text(f"executed {part.notebook.stem} °", encoding="utf-8")
    read_at = app.refreshed[0].executed.stat().st_mtime_ns // 1000
    later = dict.fromkeys(("notebooks/study", "notebooks/tasks"), read_at + 10**9)
    env = SimpleNamespace(all_docs={**later, "notebooks/streets": 0})
    assert extension._outdated(app, env, set(), set(), set()) == ["notebooks/streets"]

    source = ["the source"]
    extension._read(app, "book/method", source)
    assert source == ["the source"]
    extension._read(app, "notebooks/streets", source)
    assert source == ["executed streets °"]


def test_records_are_kept_in_the_book(app, project):
    folder = project.root / "results" / "study" / "run"
    folder.mkdir(parents=True)
    for name in ("run.json", "metrics.jsonl", "confusions.npz"):
        (folder / name).write_text(name)
    app.builder = SimpleNamespace(format="html")
    extension._keep_records(app, ValueError("the build failed"))
    assert not app.outdir.exists()
    extension._keep_records(app, None)
    kept = [path for path in app.outdir.rglob("*") if path.is_file()]
    assert {path.relative_to(app.outdir).as_posix() for path in kept} == {
        "results/study/run/run.json",
        "results/study/run/metrics.jsonl",
    }


def test_scripts_from_the_network_are_left_out():
    def script(filename, **attributes):
        return SimpleNamespace(filename=filename, attributes=attributes)

    kept = [script("_static/sortable.js"), script(None, body="let x = 1")]
    dropped = [
        script("https://cdn/mathjax/tex.js"),
        script("_static/sphinx-thebe.js"),
        script(None, body="const THEBE_JS_URL = 1"),
    ]
    context = {"script_files": [dropped[0], kept[0], dropped[1], kept[1], dropped[2]]}
    extension._offline(None, "page", "page.html", context, None)
    assert context["script_files"] == kept
