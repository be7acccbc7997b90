"""Run notebooks through papermill, each only when something it depends on has changed."""

import functools
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainstudy.book import freshness
from trainstudy.book.trace import TRACE
from trainstudy.files import read_json, write_json
from trainstudy.parameters import literals


class NotebookError(RuntimeError):
    """A notebook failed; the text is its own traceback."""


@dataclass(frozen=True)
class Chapter:
    """A notebook, the parameters it is given, and where its execution is kept."""

    notebook: Path
    parameters: dict[str, Any]
    store: Path

    @property
    def executed(self) -> Path:
        return self.store / self.notebook.name

    @property
    def manifest(self) -> Path:
        return self.executed.with_suffix(".json")

    def stale(
        self, root: Path, fingerprint: Callable[[Path], str] = freshness.fingerprint
    ) -> list[str]:
        """Why the chapter must run; empty where its execution is current."""
        if not (self.executed.exists() and self.manifest.exists()):
            return ["never executed"]
        known = read_json(self.manifest)
        return freshness.changes(known, self.notebook, self.parameters, root, fingerprint)


def chapter(notebook: Path, store: Path, given: Mapping[str, Any]) -> Chapter:
    """The chapter of a notebook: of ``given`` it gets those parameters that it declares.

    Records of trainings that a chapter makes go below ``store``, made anew at each execution.
    """
    declared = declared_parameters(notebook)
    parameters = {name: value for name, value in given.items() if name in declared}
    if "runs_root" in declared:
        parameters["runs_root"] = os.path.relpath(store / "runs" / notebook.stem, notebook.parent)
    return Chapter(notebook, parameters, store)


def declared_parameters(notebook: Path) -> set[str]:
    """The names assigned in a notebook's ``parameters`` cell; none where it has no such cell."""
    return set(defaults(notebook))


def defaults(notebook: Path) -> dict[str, Any]:
    """What is assigned to each of them."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    return dict(pair for cell in tagged for pair in literals("".join(cell["source"])))


def refresh(chapters: list[Chapter], root: Path, workers: int) -> dict[str, list[str]]:
    """Execute every stale chapter; ``{notebook name: why it ran}``.

    Raises NotebookError with the traceback of each that fails; the others' results are kept.
    """
    fingerprint = functools.cache(freshness.fingerprint)  # chapters share most of their inputs
    reasons = {part.notebook.name: part.stale(root, fingerprint) for part in chapters}
    due = [part for part in chapters if reasons[part.notebook.name]]
    # those that train take longest: first, so that the short ones fill the other cores
    due.sort(key=lambda part: "runs_root" not in part.parameters)
    if not due:
        return {}
    with ProcessPoolExecutor(max_workers=min(workers, len(due))) as pool:
        failures = [failure for failure in pool.map(execute, due, [root] * len(due)) if failure]
    if failures:
        raise NotebookError("\n\n".join(failures))
    return {part.notebook.name: reasons[part.notebook.name] for part in due}


def execute(part: Chapter, root: Path) -> str | None:
    """Run one chapter and keep the result beside its manifest; the traceback where it fails."""
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    part.store.mkdir(parents=True, exist_ok=True)
    part.manifest.unlink(missing_ok=True)
    before = freshness.stamp(part.notebook, part.parameters)  # it may be edited while it runs
    if "runs_root" in part.parameters:
        shutil.rmtree(part.store / "runs" / part.notebook.stem, ignore_errors=True)
    with tempfile.TemporaryDirectory() as scratch:
        trace, draft = Path(scratch) / "trace.json", Path(scratch) / part.notebook.name
        os.environ[TRACE] = str(trace)
        os.environ["OMP_NUM_THREADS"] = "1"  # several kernels share the cores
        try:
            papermill.execute_notebook(
                str(part.notebook), str(draft), part.parameters,
                cwd=str(part.notebook.parent), progress_bar=False, log_output=False,
                request_save_on_cell_execute=False,
                extra_arguments=[
                    "--IPKernelApp.extra_extensions=trainstudy.book.trace",
                    "--IPKernelApp.log_level=CRITICAL",  # its remarks on transport are no concern
                ],
            )  # fmt: skip
        except (PapermillExecutionError, DeadKernelError) as error:
            return f"{part.notebook.relative_to(root)} failed\n{error}"
        known = freshness.manifest(
            part.notebook, part.parameters, json.loads(trace.read_text()), root
        )
        known["stamp"] = before
        shutil.move(draft, part.executed)
    write_json(part.manifest, known)
    return None
