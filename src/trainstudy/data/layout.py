"""Which files of a described folder belong to which split, and what their paths say of them."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from trainstudy.data import domain_folders, patterns
from trainstudy.data.description import Description, Split
from trainstudy.runs import aliases

DATA_ROOT = "TRAINSTUDY_DATA_ROOT"
IMAGES = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"}
OTHER_IMAGES = {
    ".avif", ".exr", ".gif", ".heic", ".heif", ".jfif", ".jp2", ".jpe", ".pbm", ".pgm", ".pnm",
    ".ppm", ".tga",
}  # fmt: skip
"""Endings of images too; they are read where a pattern asks for them."""
ALL = "all"  # the domain of images whose path names none


class Item(NamedTuple):
    """An image and its label; ``name`` is the image's path below the root without its ending.

    Images of one ``domain`` and ``group`` are one drive: they stay together when validation is held
    out. Domains may number their sequences alike.
    """

    name: str
    domain: str
    group: str
    image: Path
    label: Path

    @property
    def suffix(self) -> str:
        return self.image.suffix.lower()

    @property
    def complete(self) -> bool:
        """Whether both files are there, behind a link or not."""
        return self.image.is_file() and self.label.is_file()


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
    and beside the description's file; only then these folders themselves may be it. The first place
    with a training image counts. Raises FileNotFoundError naming the places and the pattern.
    """
    given, own = data_root or os.environ.get(DATA_ROOT), Path(description.root).expanduser()
    above = [Path(given).expanduser()] if given else []
    above += [beside] if beside else []
    # an absolute root stands by itself: what is before it in a path does not count
    places = [*(place / own for place in above), *above]
    accepted = _accepted(description)
    for place in places:
        matched = _match(description, place, description.splits["train"])
        if any(item.suffix in accepted for item in matched):
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

    Validation that is held out has a share of the drives of every domain, by a hash of their names:
    which ones depends on nothing else.
    """
    share = description.hold_out if split != "test" else None
    folder = description.splits.get("train" if share else split)
    if folder is None:
        return (), [Problem(root, f"the description names no {split} split")]
    items, problems = _in_domains(description, root, _read_or_lost(description, root, folder))
    if share:
        chosen = _chosen(items, share)
        held_out = split == "val"
        items = [item for item in items if ((item.domain, item.group) in chosen) == held_out]
    if split == "train" and description.train_domains:
        problems += _absent(description.train_domains, items, root)
        items = [item for item in items if item.domain in description.train_domains]
    accepted = _accepted(description)
    told = ", ".join(sorted(accepted))
    problems += [
        Problem(item.image, f"has a label and is not read; accepted: {told}")
        for item in items
        if item.suffix not in accepted
    ]
    items = [item for item in items if item.suffix in accepted]
    problems += _faulty(items)
    if not items:
        problems.append(Problem(root, f"holds no image for {split}"))
    return tuple(items), problems


def left_out(description: Description, root: Path, items: Sequence[Item]) -> list[str]:
    """The names of the labelled images of the training folder that are none of the training
    ``items``: held out, or of a domain that is not read or not trained on."""
    trained, accepted = {item.name for item in items}, _accepted(description)
    return sorted(
        item.name
        for item in _match(description, root, description.splits["train"])
        if item.name not in trained and item.suffix in accepted and item.label.is_file()
    )


def _faulty(items: list[Item]) -> list[Problem]:
    """Images and labels that are not there, and labels of several images."""
    problems = [
        Problem(item.image, "is no file, or a link to none")
        for item in items
        if not item.image.is_file()
    ]
    problems += [
        Problem(item.image, f"has no label: there is no {item.label}")
        for item in items
        if not item.label.is_file()
    ]
    shared = Counter(item.label for item in items)
    return problems + [
        Problem(label, f"is the label of {count} images")
        for label, count in shared.items()
        if count > 1
    ]


def _match(description: Description, root: Path, folder: str) -> Iterator[Item]:
    """All that the pattern of the images fits, whatever their suffixes."""
    images, labels = (
        _spelled(root, patterns.joined(pattern.replace("{split}", folder)), description.dataset)
        for pattern in (description.images, description.labels)
    )
    for path, parts in patterns.matches(root, images):
        name = path.relative_to(root).as_posix().removesuffix(path.suffix)
        label = _in_either_case(root / patterns.filled(labels, parts))
        yield Item(name, parts.get("domain", ALL), parts.get("sequence", name), path, label)


def _accepted(description: Description) -> set[str]:
    """The suffixes that are read: that of the pattern, or those of images."""
    fixed = patterns.ending(description.images).lower()
    return {fixed} if fixed else IMAGES


def _read_or_lost(description: Description, root: Path, folder: str) -> list[Item]:
    """The images that are read, and those that would be with another suffix: they have a label, and
    are no copy of one that is read. Depth maps and the labels themselves are none of these."""
    matched, accepted = sorted(_match(description, root, folder)), _accepted(description)
    read = {item.name for item in matched if item.suffix in accepted}
    return [
        item
        for item in matched
        if item.suffix in accepted
        or (
            item.suffix in IMAGES | OTHER_IMAGES
            and item.name not in read
            and item.label != item.image
            and item.label.is_file()
        )
    ]


def _in_either_case(label: Path) -> Path:
    """The file with ``.PNG`` for ``.png`` where only that one is there."""
    other = label.with_suffix(label.suffix.swapcase())
    return other if not label.is_file() and other.is_file() else label


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
    if (names := description.domains) is None:
        return items, []
    called, faults = domain_folders.called(names, {item.domain for item in items})
    kept = [item._replace(domain=called[item.domain]) for item in items if item.domain in called]
    return kept, [Problem(root, fault) for fault in faults]


def _absent(wanted: list[str], items: list[Item], root: Path) -> list[Problem]:
    """Domains to be trained on that no image has."""
    there = sorted({item.domain for item in items})
    return [
        Problem(root, f"train_domains: has no image of {name!r}, only of {', '.join(there)}")
        for name in wanted
        if items and name not in there
    ]


def _chosen(items: list[Item], share: float) -> set[tuple[str, str]]:
    """Domain and group of the drives that are held out: of every domain with more than one at least
    one, and never all."""
    domains: dict[str, set[str]] = {}
    for item in items:
        domains.setdefault(item.domain, set()).add(item.group)
    chosen: set[tuple[str, str]] = set()
    for domain, groups in domains.items():
        ranked = sorted(groups, key=lambda group: hashlib.sha256(group.encode()).digest())
        held_out = ranked[: min(len(ranked) - 1, max(1, round(share * len(ranked))))]
        chosen.update((domain, group) for group in held_out)
    return chosen
