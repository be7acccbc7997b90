"""Which files of a described folder belong to which split, and what their paths say of them."""

import difflib
import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from trainstudy.data.description import PLACEHOLDER, Description, Split
from trainstudy.runs import aliases

DATA_ROOT = "TRAINSTUDY_DATA_ROOT"
IMAGES = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"}
ALL = "all"  # the domain of images whose path names none


class Item(NamedTuple):
    """An image and its label; ``name`` is the image's path below the root without its ending.

    Images of one ``group`` are one sequence: they stay together when validation is held out.
    """

    name: str
    domain: str
    group: str
    image: Path
    label: Path


class Problem(NamedTuple):
    """What is wrong with one file or folder."""

    file: Path
    what: str


class DataError(ValueError):
    """A data set that cannot be used as it is described; ``problems`` holds all that was found."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        shown = [f"{problem.file}: {problem.what}" for problem in problems[:10]]
        if more := len(problems) - len(shown):
            shown.append(f"and {more} more; the dry run lists them all")
        super().__init__(f"{name}: " + "\n".join(shown))
        self.problems = problems


class NoTestSetError(ValueError):
    """A data set that has no test images, which is no fault."""


def find_root(description: Description, beside: Path | None, data_root: str | None) -> Path:
    """The folder that the patterns start from.

    ``root`` is looked for below ``data_root`` (default: the environment's TRAINSTUDY_DATA_ROOT),
    which may be that folder itself, and beside the description's file; the first place with a
    training image counts. Raises FileNotFoundError naming the places and the pattern.
    """
    given, own = data_root or os.environ.get(DATA_ROOT), Path(description.root).expanduser()
    above = [Path(given).expanduser()] if given else []
    above += [beside] if beside else []
    # an absolute root stands by itself: what is before it in a path does not count
    places = [folder for place in above for folder in (place / own, place)]
    for place in places:
        if next(_match(description, place, description.splits["train"]), None):
            return place
    looked = (
        ", ".join(map(str, places)) or f"no place: set data_root or the environment's {DATA_ROOT}"
    )
    raise FileNotFoundError(
        f"dataset {description.name!r}: found no {description.images} of split "
        f"{description.splits['train']!r}; looked in {looked}"
    )


def find(
    description: Description, root: Path, split: Split
) -> tuple[tuple[Item, ...], list[Problem]]:
    """The images of a split in the order of their paths, and what is wrong with their files.

    Validation that is held out has a share of the groups of every domain, by a hash of their names:
    which ones depends on nothing else.
    """
    share = description.hold_out if split != "test" else None
    folder = description.splits.get("train" if share else split)
    if folder is None:
        return (), [Problem(root, f"the description names no {split} split")]
    items, problems = _in_domains(description, root, sorted(_match(description, root, folder)))
    if share:
        chosen = _chosen(items, share)
        items = [item for item in items if (item.group in chosen) == (split == "val")]
    if split == "train" and description.train_domains:
        items = [item for item in items if item.domain in description.train_domains]
    problems += [
        Problem(item.image, f"has no label: there is no {item.label}")
        for item in items
        if not item.label.is_file()
    ]
    shared = Counter(item.label for item in items)
    problems += [
        Problem(label, f"is the label of {count} images")
        for label, count in shared.items()
        if count > 1
    ]
    if not items:
        problems.append(Problem(root, f"holds no image for {split}"))
    return tuple(items), problems


def _match(description: Description, root: Path, folder: str) -> Iterator[Item]:
    images, labels = (
        _spelled(root, pattern.replace("{split}", folder), description.dataset)
        for pattern in (description.images, description.labels)
    )
    expression = _expression(images)
    for path in root.glob(PLACEHOLDER.sub("*", images)):
        relative = path.relative_to(root).as_posix()
        found = expression.fullmatch(relative)
        if found is None or path.suffix.lower() not in IMAGES or path.name.startswith("."):
            continue
        parts = found.groupdict()
        name = relative.removesuffix(path.suffix)
        label = root / PLACEHOLDER.sub(lambda hole, parts=parts: parts[hole[1]], labels)  # type: ignore[misc]
        yield Item(name, parts.get("domain", ALL), parts.get("sequence", name), path, label)


def _expression(pattern: str) -> re.Pattern[str]:
    """A placeholder is some part of one name of the path, and the same text wherever it recurs."""
    seen: set[str] = set()
    parts = []
    for part in re.split(r"(\{\w+\}|\*)", pattern):
        if hole := PLACEHOLDER.fullmatch(part):
            parts.append(f"(?P={hole[1]})" if hole[1] in seen else f"(?P<{hole[1]}>[^/]+)")
            seen.add(hole[1])
        else:
            parts.append("[^/]*" if part == "*" else re.escape(part))
    return re.compile("".join(parts))


def _spelled(root: Path, pattern: str, dataset: str | None) -> str:
    """The pattern with the data set's folder as it is spelled there, any alias of its name.

    Raises ValueError where there are two.
    """
    if "{dataset}" not in pattern or dataset is None:
        return pattern
    above = root / pattern.partition("/{dataset}")[0]
    names = [path.name for path in above.iterdir()] if above.is_dir() else []
    known = sorted(name for name in names if aliases.dataset(name) == aliases.dataset(dataset))
    if len(known) > 1:
        raise ValueError(f"{above}: {' and '.join(known)} are names of one data set: state which")
    return pattern.replace("{dataset}", known[0] if known else dataset)


def _in_domains(
    description: Description, root: Path, items: list[Item]
) -> tuple[list[Item], list[Problem]]:
    """The items of the described domains, under their names."""
    names = description.domains
    if names is None:
        return items, []
    there = {item.domain for item in items}
    # a domain without images may be meant, and a folder that is not read; hardly if they look alike
    problems = [
        Problem(root, f"has no domain {absent!r}, but has {near[0]!r}, which is not read")
        for absent in sorted(names.keys() - there)
        if (near := difflib.get_close_matches(absent, there - names.keys(), n=1, cutoff=0.7))
    ]
    kept = [item._replace(domain=names[item.domain]) for item in items if item.domain in names]
    return kept, problems


def _chosen(items: list[Item], share: float) -> set[str]:
    """The groups that are held out: of every domain with more than one at least one."""
    domains: dict[str, list[str]] = {}
    for group, domain in {item.group: item.domain for item in items}.items():
        domains.setdefault(domain, []).append(group)
    chosen: set[str] = set()
    for groups in domains.values():
        ranked = sorted(groups, key=lambda group: hashlib.sha256(group.encode()).digest())
        chosen.update(ranked[: min(len(ranked) - 1, max(1, round(share * len(ranked))))])
    return chosen
