"""timm, also where torchvision is missing.

timm imports torchvision for input transforms and one layer type, none of which is used here. On
PyPI torchvision is built for CUDA and breaks beside a CPU build of torch, so the environment leaves
it out; while timm is imported, empty names stand in for it.
"""

import importlib
import importlib.util
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

from tqdm import TqdmWarning

ABSENT = "torchvision"


class _Anything(type):
    """A class whose every attribute is a class of this kind."""

    def __getattr__(cls, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything(name, (), {})


class _StandIn(MetaPathFinder, Loader):
    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if _is_absent(name) else None

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["__getattr__"] = lambda name: getattr(
            _Anything("torchvision", (), {}), name
        )


@contextmanager
def _standing_in() -> Iterator[None]:
    if importlib.util.find_spec(ABSENT):
        yield
        return
    finder = _StandIn()
    sys.meta_path.append(finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if _is_absent(name)]:
            del sys.modules[name]


def _is_absent(name: str) -> bool:
    return name.partition(".")[0] == ABSENT


with _standing_in(), warnings.catch_warnings():
    # in a notebook huggingface_hub asks for widgets to show downloads with, and there are none
    warnings.simplefilter("ignore", TqdmWarning)
    timm = importlib.import_module("timm")
