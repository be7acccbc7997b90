"""Packages in which one file is one choice: its name is what a parameter says."""

import importlib
import pkgutil
from collections.abc import Iterable, Sequence
from typing import Any


def names(path: Iterable[str]) -> tuple[str, ...]:
    """The choices of a package, from its ``__path__``: files that begin with _ are none."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(path) if found.name[0] != "_"))


def find(package: str, name: str, accepted: Sequence[str], kind: str) -> Any:
    """What the file of a choice calls by the ``kind`` in capitals.

    Raises ValueError naming the accepted ones.
    """
    if name not in accepted:
        raise ValueError(f"unknown {kind} {name!r}; accepted: {', '.join(accepted)}")
    return getattr(importlib.import_module(f"{package}.{name}"), kind.upper())
