"""A kernel extension that writes down what a notebook depends on while it runs.

Loaded into the kernel by :mod:`trainstudy.book.execute`. After every cell the file named by the
environment's TRAINSTUDY_TRACE holds the files read, the folders listed, the modules of this package
and the top-level names of all others. Data read by compiled code that bypasses Python's ``open``
(memory-mapped checkpoints) is not seen; no page of the book reads such a file without its record.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

TRACE = "TRAINSTUDY_TRACE"


class Trace:
    """Collects audit events; see :pep:`578`."""

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.written: set[str] = set()
        self.listed: set[str] = set()

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            if isinstance(path, str) and not _by_import_system():
                writes = flags & (os.O_WRONLY | os.O_RDWR) or set(mode or "") & set("wax+")
                (self.written if writes else self.read).add(str(Path(path).absolute()))
        elif event in ("os.listdir", "os.scandir"):
            path = arguments[0] or "."
            if isinstance(path, str | os.PathLike) and not _by_import_system():
                self.listed.add(str(Path(path).absolute()))

    def dump(self, *_: object) -> None:
        modules = {name: getattr(module, "__file__", None) for name, module in sys.modules.items()}
        own = [
            str(file) for name, file in modules.items() if name.startswith("trainstudy") and file
        ]
        content = {
            "read": sorted(self.read - self.written),
            "listed": sorted(self.listed),
            "modules": sorted(own),
            "packages": sorted({name.partition(".")[0] for name in modules}),
            "python": ".".join(map(str, sys.version_info[:3])),
        }
        Path(os.environ[TRACE]).write_text(json.dumps(content))


def load_ipython_extension(shell: Any) -> None:
    """IPython's entry point."""
    trace = Trace()
    sys.addaudithook(trace.hook)
    shell.events.register("post_run_cell", trace.dump)


def _by_import_system() -> bool:
    """Whether the event comes from an import: modules are recorded by themselves."""
    return "importlib" in sys._getframe(2).f_code.co_filename
