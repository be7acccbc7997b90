"""Patterns of paths: which are accepted, and which files they match."""

import re
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

PLACEHOLDER = re.compile(r"\{(\w+)\}")


def checked(pattern: str) -> str:
    """The pattern, or folder, without ``./`` and ``//``.

    Raises ValueError where it is absolute, has back-slashes or ``**``.
    """
    if "\\" in pattern:
        raise ValueError("holds a back-slash; folders are separated by /")
    if PureWindowsPath(pattern).anchor:  # of either system
        raise ValueError("is absolute; it starts below root, which may be absolute")
    if "**" in pattern:
        raise ValueError("holds **; a * is some part of one name of the path")
    return joined(pattern)


def joined(pattern: str) -> str:
    """The pattern without the parts that name no folder, as a path has none either."""
    return "/".join(part for part in pattern.split("/") if part not in ("", "."))


def ending(pattern: str) -> str:
    """The suffix that a pattern asks for, as it is spelled there; empty where any will do."""
    found = re.search(r"\.[A-Za-z0-9]+$", pattern)
    return found[0] if found else ""


def matches(root: Path, pattern: str) -> Iterator[tuple[Path, dict[str, str]]]:
    """The visible files that a pattern fits but for their suffix, and what its placeholders mean.

    Which suffixes count is the caller's decision: ``a.PNG`` or ``a.ppm`` where ``a.png`` was asked
    for should be no silent loss.
    """
    fixed = ending(pattern)
    stem = pattern.removesuffix(fixed)
    expression = re.compile(_expression(stem) + (r"\.[^./]+" if fixed else ""))
    for path in root.glob(PLACEHOLDER.sub("*", stem) + (".*" if fixed else "")):
        found = expression.fullmatch(path.relative_to(root).as_posix())
        if found and not path.name.startswith("."):
            yield path, found.groupdict()


def filled(pattern: str, parts: dict[str, str]) -> str:
    """The pattern with what its placeholders mean."""
    return PLACEHOLDER.sub(lambda hole: parts[hole[1]], pattern)


def _expression(pattern: str) -> str:
    """A placeholder is some part of one name of the path, and the same text wherever it recurs."""
    seen: set[str] = set()
    parts = []
    for part in re.split(r"(\{\w+\}|\*)", pattern):
        if hole := PLACEHOLDER.fullmatch(part):
            parts.append(f"(?P={hole[1]})" if hole[1] in seen else f"(?P<{hole[1]}>[^/]+)")
            seen.add(hole[1])
        else:
            parts.append("[^/]*" if part == "*" else re.escape(part))
    return "".join(parts)
