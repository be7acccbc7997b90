"""The Sphinx extension that lets ``jupyter-book build .`` read executed notebooks.

Notebooks are committed without outputs. Before Sphinx reads anything, those whose inputs changed
are executed into ``_build/executed``; then each is read in place of its source.
"""

import os
import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from trainstudy.book.execute import Chapter, NotebookError, chapter, defaults, refresh
from trainstudy.book.records import KEPT, PATTERNS

RUNS = {"TRAINSTUDY_RUNS": "published", "TRAINSTUDY_TASK_RUNS": "results/multitask/minis"}
"""Variables of the environment that say whose runs are read, and the default that each replaces."""
log = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, Any]:
    """Sphinx's entry point. ``study_parameters`` maps parameter names to values for all notebooks
    that declare them; the variables of ``RUNS`` replace what these read by default."""
    app.add_config_value("study_parameters", {}, "env")
    app.connect("builder-inited", _execute)
    app.connect("env-get-outdated", _outdated)
    app.connect("source-read", _read)
    app.connect("html-page-context", _offline, priority=900)  # after those that add scripts
    app.connect("build-finished", _keep_records)
    return {"version": "1", "parallel_read_safe": True}


def _execute(app: Sphinx) -> None:
    root = Path(app.srcdir)
    store = Path(app.outdir).parent / "executed"
    given = dict(app.config.study_parameters)
    runs = {
        default: str(Path(os.environ[name]).expanduser().absolute())
        for name, default in RUNS.items()
        if os.environ.get(name)
    }
    pages = (root / f"{page}.ipynb" for page in app.config.external_site_map)
    notebooks = [page for page in pages if page.exists()]
    chapters = [chapter(page, store, {**given, **_replaced(page, runs)}) for page in notebooks]
    unused = set(given) - {name for part in chapters for name in part.parameters}
    if unused:
        raise ExtensionError(f"study_parameters: no notebook has {', '.join(sorted(unused))}")
    try:
        ran = refresh(chapters, root, workers=os.cpu_count() or 1)
    except NotebookError as error:
        raise ExtensionError(str(error)) from None
    for name, reasons in ran.items():
        log.info("executed %s: %s", name, ", ".join(reasons[:3]))
    app.study_chapters = {
        str(part.notebook.relative_to(root).with_suffix("")): part for part in chapters
    }


def _replaced(notebook: Path, runs: dict[str, str]) -> dict[str, str]:
    """Its parameters that have a default of ``runs`` get the value there."""
    given = defaults(notebook).items()
    return {name: runs[value] for name, value in given if isinstance(value, str) and value in runs}


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """The pages whose execution is newer than what Sphinx has read of it."""
    chapters: dict[str, Chapter] = app.study_chapters
    return [
        name
        for name, part in chapters.items()
        # Sphinx keeps the time of reading in microseconds
        if part.executed.stat().st_mtime_ns // 1000 > env.all_docs.get(name, 0)
    ]


def _read(app: Sphinx, document: str, source: list[str]) -> None:
    chapters: dict[str, Chapter] = app.study_chapters
    if document in chapters:
        source[0] = chapters[document].executed.read_text(encoding="utf-8")


def _offline(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Leave out the scripts that Jupyter Book loads from the network on every page.

    No page has a formula to typeset or a cell to run in the browser; all else is in the book.
    """
    context["script_files"][:] = [
        script
        for script in context["script_files"]
        if "mathjax" not in str(script.filename or "")
        and "THEBE" not in str(script.attributes.get("body", ""))
        and "thebe" not in str(script.filename or "")
    ]


def _keep_records(app: Sphinx, exception: Exception | None) -> None:
    """Put the records that pages link to into the book."""
    if exception is not None or app.builder.format != "html":
        return
    root = Path(app.srcdir) / KEPT
    for source in (path for pattern in PATTERNS for path in root.rglob(pattern)):
        target = Path(app.outdir) / KEPT / source.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
