"""Tiny notebooks run as the book runs them, and the book itself, built once a session in a copy."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
import yaml

from trainstudy.book.execute import Chapter, chapter
from trainstudy.paths import project_root

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
    environment.pop("TRAINSTUDY_RUNS", None)
    return subprocess.run(
        [*command, "--warningiserror", "--nitpick", "--keep-going"],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
