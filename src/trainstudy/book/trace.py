"""A kernel extension that writes down what a notebook depends on while it runs.

Loaded into the kernel by :mod:`trainstudy.book.execute`. After every cell the file named by the
environment's TRAINSTUDY_TRACE holds the files read and the modules of this package or not installed
at all, each with its time of change as it was first seen, the folders listed, and the top-level
names of all modules. Data read by compiled code that bypasses Python's ``open``
(memory-mapped checkpoints) is not seen; no page of the book reads such a file without its record.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

TRACE = "TRAINSTUDY_TRACE"
NAMES = (str, bytes, os.PathLike)  # what names a file, and is no descriptor


class Trace:
    """Collects audit events; see :pep:`578`."""

    def __init__(self) -> None:
        self.read: dict[str, int | None] = {}
        self.modules: dict[str, int | None] = {}
        self.written: set[str] = set()
        self.listed: set[str] = set()

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            if isinstance(path, NAMES) and not _by_import_system():
                name = _absolute(path)
                if flags & (os.O_WRONLY | os.O_RDWR) or set(mode or "") & set("wax+"):
                    self.written.add(name)
                elif name not in self.read:
                    self.read[name] = changed_at(name)
        elif event == "os.rename":  # a draft put in its place
            self.written.add(_absolute(arguments[1]))
        elif event in ("os.listdir", "os.scandir"):
            path = arguments[0] or "."
            if isinstance(path, NAMES) and not _by_import_system():
                self.listed.add(_absolute(path))

    def dump(self, *_: object) -> None:
        packages = {name.partition(".")[0] for name in sys.modules}
        installed = (f"{sys.prefix}{os.sep}", f"{sys.base_prefix}{os.sep}")
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if not file or file in self.modules:
                continue
            if name.partition(".")[0] == "trainstudy" or not file.startswith(installed):
                self.modules[file] = changed_at(file)
        content = {
            "read": {name: self.read[name] for name in sorted(self.read.keys() - self.written)},
            "listed": sorted(self.listed),
            "modules": dict(sorted(self.modules.items())),
            "packages": sorted(packages),
            "python": ".".join(map(str, sys.version_info[:3])),
        }
        Path(os.environ[TRACE]).write_text(json.dumps(content))


def load_ipython_extension(shell: Any) -> None:
    """IPython's entry point."""
    trace = Trace()
    sys.addaudithook(trace.hook)
    trace.dump()  # a notebook without code has a trace too
    shell.events.register("post_run_cell", trace.dump)


def changed_at(path: str | Path) -> int | None:
    """The time of a file's last change in nanoseconds; None where there is no file."""
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - called at every open
    except OSError:
        return None


def _absolute(path: Any) -> str:
    """Without ``..``, so that a path below the project is seen to be."""
    return os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - pathlib keeps ".."


def _by_import_system() -> bool:
    """Whether the event comes from an import: modules are recorded by themselves."""
    return "importlib" in sys._getframe(2).f_code.co_filename
