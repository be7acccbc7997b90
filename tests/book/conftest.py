"""Tiny notebooks run as the book runs them, the book itself, built once a session in a copy, and
made-up studies of several tasks."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from trainstudy.book.execute import Chapter, chapter
from trainstudy.book.extension import RUNS
from trainstudy.book.task_study import TaskStudy
from trainstudy.paths import project_root
from trainstudy.runs.chains import read_chains
from trainstudy.runs.record import METRICS, RUN, STUDY, TESTS
from trainstudy.tasks import MEASURES, TASKS

REFRESH = """
import sys
from pathlib import Path
from trainstudy.book.execute import NotebookError, chapter, refresh
root, *names = sys.argv[1:]
root = Path(root)
parts = [chapter(root / "notebooks" / name, root / "_build" / "executed", {}) for name in names]
try:
    print(*refresh(parts, root, workers=2))
except NotebookError as error:
    sys.exit(str(error))
"""


@dataclass(frozen=True)
class Project:
    """A folder with ``notebooks/``, executed in processes of their own as a build does."""

    root: Path

    def notebook(self, name: str, *cells: str, parameters: str | None = None) -> Chapter:
        """Write a notebook of code cells and return its chapter."""
        tagged = [] if parameters is None else [nbformat.v4.new_code_cell(parameters)]
        for cell in tagged:
            cell.metadata["tags"] = ["parameters"]
        content = nbformat.v4.new_notebook(
            cells=tagged + [nbformat.v4.new_code_cell(cell) for cell in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
        )
        path = self.root / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(content, path)
        return self.chapter(name)

    def chapter(self, name: str) -> Chapter:
        path = self.root / "notebooks" / f"{name}.ipynb"
        return chapter(path, self.root / "_build" / "executed", {})

    def refresh(self, *parts: Chapter) -> subprocess.CompletedProcess[str]:
        """Execute what is stale; names go to stdout, tracebacks to stderr."""
        names = [part.notebook.name for part in parts]
        command = [sys.executable, "-c", REFRESH, str(self.root), *names]
        return subprocess.run(command, capture_output=True, text=True)


@dataclass(frozen=True)
class Book(Project):
    """The project's own book in a copy of its own, with the log of its first build."""

    log: str

    @property
    def html(self) -> Path:
        return self.root / "_build" / "html"

    @property
    def toc(self) -> list[str]:
        """The pages of _toc.yml, the root first."""
        toc = yaml.safe_load((self.root / "_toc.yml").read_text())
        return [toc["root"], *(page["file"] for part in toc["parts"] for page in part["chapters"])]

    @property
    def chapters(self) -> dict[str, Chapter]:
        pages = [Path(page).name for page in self.toc if page.startswith("notebooks/")]
        return {page: self.chapter(page) for page in pages}

    def stale(self) -> set[str]:
        return {name for name, part in self.chapters.items() if part.stale(self.root)}

    def executed(self, log: str) -> set[str]:
        """The notebooks that a build says it executed."""
        lines = [line for line in log.splitlines() if line.startswith("executed ")]
        return {line.split()[1].removesuffix(".ipynb:") for line in lines}

    def build(self) -> subprocess.CompletedProcess[str]:
        return _build(self.root)


@pytest.fixture
def project(tmp_path) -> Project:
    return Project(tmp_path)


@pytest.fixture(scope="session")
def book(tmp_path_factory) -> Book:
    """The book, built once from what git would commit; later builds of it are incremental."""
    root = tmp_path_factory.mktemp("book").resolve()
    origin = project_root(Path(__file__))
    command = ["git", "-C", str(origin), "ls-files", "-coz", "--exclude-standard"]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for name in names.split("\0"):
        if (origin / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(origin / name, root / name)
    done = _build(root)
    assert done.returncode == 0, done.stdout
    return Book(root, done.stdout)


@pytest.fixture
def altered():
    """Replace text in files for the length of a test: ``altered(path, old, new)``."""
    before: dict[Path, bytes] = {}

    def alter(path: Path, old: str, new: str) -> None:
        before.setdefault(path, path.read_bytes())
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {path}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    yield alter
    for path, content in before.items():
        path.write_bytes(content)


def _build(root: Path) -> subprocess.CompletedProcess[str]:
    """Build as ``make book`` does, with the copy's modules in place of the installed ones."""
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", "."]
    environment = {**os.environ, "PYTHONPATH": str(root / "src"), "NO_COLOR": "1"}
    for name in RUNS:
        environment.pop(name, None)
    return subprocess.run(
        [*command, "--warningiserror", "--nitpick", "--keep-going"],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def rows() -> Callable[[Any], list[list[str]]]:
    """The rows of a table as the page shows them, headings first."""

    def read(shown: Any) -> list[list[str]]:
        whole = shown._repr_html_().replace("<wbr>", "")
        found = re.findall(r"<tr>(.*?)</tr>", whole, flags=re.DOTALL)
        return [
            [
                unescape(re.sub(r"<[^>]*>", " ", cell)).replace("\xa0", " ").strip()
                for cell in re.findall(r"<t[dh].*?</t[dh]>", row)
            ]
            for row in found
        ]

    return read


@pytest.fixture
def task_study(tmp_path) -> Callable[..., TaskStudy]:
    """task_study({cell: [(seg, det, cls) after each stage]}, ...) -> a study read from records.

    What a stage trains is read from the cell's name, as are its remedies; other names are of
    sequences in the tasks' order. Every stage has 10
    iterations a row of its scores, times ``length[cell]``. A seed adds its number to every score;
    test is one point below validation. At iteration 1 tasks are 5 points lower.
    """

    def make(
        cells: dict[str, Sequence[Sequence[float]]],
        seeds: Sequence[int] = (0, 1, 2),
        length: dict[str, int] | None = None,
        start: dict[str, Any] | None = None,
        val: dict[str, float] | None = None,
        train: dict[str, float] | None = None,
    ) -> TaskStudy:
        chains = []
        for place, (cell, ends) in enumerate(cells.items()):
            for seed in seeds:
                stages = []
                for number, (trained, scores) in enumerate(zip(_stages(cell), ends, strict=True)):
                    run = f"{place}-{number}-{seed}"
                    until = 10 * (length or {}).get(cell, 1)
                    spec = {"tasks": trained, "backbone": "tiny", "remedies": _remedies(cell)}
                    _write_stage(
                        tmp_path / run, until, spec, [s + seed for s in scores], start or {},
                        val or {}, train or {},
                    )  # fmt: skip
                    stages.append({"stage": ">".join(map("+".join, _stages(cell)[: number + 1])),
                                   "run": run})  # fmt: skip
                chains.append({"cell": cell, "seed": seed, "stages": stages})
        (tmp_path / STUDY).write_text(json.dumps({"chains": chains}))
        return TaskStudy(read_chains(tmp_path), "made up")

    return make


def _stages(cell: str) -> list[list[str]]:
    way = cell.partition(" ")[0].removeprefix("single:")
    if way == "joint":
        return [list(TASKS)]
    tasks = way.split(",")
    return [[task] for task in (tasks if set(tasks) <= set(TASKS) else TASKS)]


def _remedies(cell: str) -> str:
    return cell.partition(" ")[2].replace("replay=", "replay:images=")


def _write_stage(
    run: Path,
    until: int,
    spec: dict[str, Any],
    scores: Sequence[float],
    start: dict[str, Any],
    val: dict[str, float],
    train: dict[str, float],
) -> None:
    run.mkdir()
    entry = {"device": "gpu", "gpus": 1, "seconds": 3600.0, "joules": 5e5, "interval": 5, **start}
    data = {"train seg": {"name": "drawn"}, "val cls": {"name": "drawn", "classes": [*"abcd"]}}
    record = {"iteration": until, "spec": spec, "starts": [entry], "data": data}
    (run / RUN).write_text(json.dumps(record))
    level = dict(zip(MEASURES.values(), scores, strict=True))

    def line(at: int, kind: str, less: float = 0.0, **more: Any) -> str:
        measures = {name: max(0.0, value - less) for name, value in level.items()}
        found = measures if kind == "val" else {}
        return json.dumps({"iteration": at, "kind": kind, **found, **more}) + "\n"

    images = 16 * until * len(spec["tasks"])
    (run / METRICS).write_text(
        line(1, "train", loss=1.0, **train)
        + line(1, "val", 5.0, **val)
        + line(until, "val", **val)
        + line(until, "exposure", real=images, generated=0)
    )
    (run / TESTS).write_text(line(until, "val", 1.0, split="test"))
