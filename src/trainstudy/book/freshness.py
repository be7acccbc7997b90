"""Whether an executed notebook still follows from its cells, parameters, files and packages."""

import hashlib
import importlib.metadata
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from trainstudy.book.trace import changed_at

CHANGED = "changed while the notebook ran"


def fingerprint(path: Path) -> str:
    """SHA-256 of a file, or of a folder's sorted names; ``absent`` where there is nothing."""
    try:
        if path.is_dir():
            names = sorted(
                entry.name
                for entry in path.iterdir()
                if not entry.name.startswith((".", "__pycache__"))
            )
            return hashlib.sha256("\0".join(names).encode()).hexdigest()
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "absent"


def stamp(notebook: Path, parameters: Mapping[str, Any]) -> str:
    """The hash of a notebook's code and Markdown and of the parameters it is given."""
    cells = [
        (cell["cell_type"], "".join(cell["source"]), cell.get("metadata", {}).get("tags", []))
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    ]
    content = json.dumps([cells, dict(parameters)], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def manifest(
    notebook: Path, parameters: Mapping[str, Any], trace: Mapping[str, Any], root: Path
) -> dict[str, Any]:
    """What an execution depended on, from the kernel's trace.

    A file that changed after the kernel read it gets a fingerprint that no file has: the execution
    is stale at once.
    """
    texts = [value for value in parameters.values() if isinstance(value, str)]
    named = [Path(text).expanduser() for text in texts if text.startswith(("/", "~/"))]
    seen = {path: changed_at(path) for path in trace["listed"]} | trace["read"]
    inputs = {path: at for path, at in seen.items() if is_input(Path(path), notebook, root, named)}
    files = {
        _name(Path(path), root): fingerprint(Path(path)) if changed_at(path) == at else CHANGED
        for path, at in (inputs | trace["modules"]).items()
    }
    return {
        "stamp": stamp(notebook, parameters),
        "python": trace["python"],
        "files": files,
        "packages": _versions(trace["packages"]),
    }


def changes(
    manifest: Mapping[str, Any],
    notebook: Path,
    parameters: Mapping[str, Any],
    root: Path,
    fingerprint: Callable[[Path], str] = fingerprint,
) -> list[str]:
    """Why an execution is stale, one reason an input; empty where it is current."""
    reasons = []
    if manifest["stamp"] != stamp(notebook, parameters):
        reasons.append("cells or parameters")
    if manifest["python"] != ".".join(map(str, sys.version_info[:3])):
        reasons.append("python")
    for name, known in manifest["files"].items():
        if fingerprint(root / name) != known:
            reasons.append(name)
    for name, known in manifest["packages"].items():
        try:
            current = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            current = None
        if current != known:
            reasons.append(f"package {name}")
    return reasons


def is_input(path: Path, notebook: Path, root: Path, named: Sequence[Path] = ()) -> bool:
    """Whether a traced path is data of the study or of the user.

    Everything below a path that a parameter has ``named``; everything in the project but what is
    built, installed or hidden; outside of it, everything but hidden, temporary, the interpreter's
    and the system's files.
    """
    if path == notebook or path.suffix == ".pyc":
        return False
    if any(path.is_relative_to(place) for place in named):
        return True
    installed = [Path(place) for place in (sys.prefix, sys.base_prefix)]
    if path.is_relative_to(root):
        parts = path.relative_to(root).parts
        hidden = any(part.startswith((".", "_build", "__pycache__")) for part in parts)
        # the working directory and the notebooks' folder are listed by Jupyter itself
        own = bool(parts) and not hidden and parts != ("notebooks",)
        within = (place for place in installed if place.is_relative_to(root))
        return own and not any(path.is_relative_to(place) for place in within)
    system = ("/proc", "/sys", "/dev", "/etc", "/usr", "/lib", tempfile.gettempdir())
    outside = [*installed, *(Path(place) for place in system)]
    home = Path.home()
    hidden = path.is_relative_to(home) and any(
        part.startswith(".") for part in path.relative_to(home).parts
    )
    return not hidden and not any(path.is_relative_to(place) for place in outside)


def _name(path: Path, root: Path) -> str:
    return str(path.relative_to(root) if path.is_relative_to(root) else path)


def _versions(modules: list[str]) -> dict[str, str]:
    owners = importlib.metadata.packages_distributions()
    names = {owner for module in modules for owner in owners.get(module, ())} - {"trainstudy"}
    return {name: importlib.metadata.version(name) for name in sorted(names)}
