"""Decoded images and labels on disk, written once and mapped into memory afterwards.

A set is one folder: ``images.npy`` and ``labels.npy`` (uint8), and ``index.json`` with what was
counted while decoding. It is written under another name, flushed and renamed. Its own name holds a
hash of the description and of every file's name, size and time of change: content would be the
stronger key, but to hash it is to read the whole set at every start. For the same reason the arrays
are known by size and time of change; a training's identity has the hash of the decoded content.
"""

import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from tqdm import tqdm

from trainstudy.data.classes import IGNORE
from trainstudy.data.decoding import decode, in_order
from trainstudy.data.description import Description, Split
from trainstudy.data.labels import Labels
from trainstudy.data.layout import Item, Problem
from trainstudy.data.segmentation_set import SegmentationSet, fingerprint
from trainstudy.files import naming, read_json, sync, write_json

CACHE = "TRAINSTUDY_CACHE"
IMAGES, LABELS, INDEX = "images.npy", "labels.npy", "index.json"
FORMAT = 2  # of the cache; another decoder or layout of these folders is another number


@dataclass
class Scan:
    """What was found while decoding: pixels of every class, images of every size on disk (WxH), and
    all problems. ``pixels`` ends with those that are ignored."""

    pixels: list[int]
    sizes: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)


def load(
    description: Description, split: Split, items: Sequence[Item], left_out: Sequence[str] = ()
) -> tuple[SegmentationSet | None, Scan]:
    """The set of ``items``, decoded now or before; None where there are problems.

    ``left_out`` is the set's. Raises OSError naming the cache's folder where the disk has no room.
    """
    place = root()
    place.mkdir(parents=True, exist_ok=True)
    folder = place / f"{description.name}-{split}-{_key(description, items)[:16]}"
    found = _open(folder)
    if found is None:
        with _alone(place / f".{folder.name}.lock"):
            found = _open(folder)  # another process may have been decoding it
            if found is None:
                counted = _write(description, split, items, folder)
                if counted.problems:
                    return None, counted
                found = _open(folder)
                assert found is not None, folder
    (images, labels), index = found
    dataset = SegmentationSet(
        name=f"{description.name}/{split}",
        classes=tuple(description.classes),
        images=images,
        labels=labels,
        names=tuple(item.name for item in items),
        domains=tuple(item.domain for item in items),
        left_out=tuple(left_out),
        checked=index["fingerprint"],
    )
    return dataset, Scan(index["pixels"], Counter(index["sizes"]))


def scan(description: Description, split: Split, items: Sequence[Item]) -> Scan:
    """Decode for what there is to be said of the files, and keep nothing."""
    with Path(os.devnull).open("wb") as nowhere:
        return _decode_into(description, split, items, nowhere, nowhere)


def root() -> Path:
    """The folder of all caches; everything in it can be made again."""
    return Path(os.environ.get(CACHE) or "~/.cache/trainstudy").expanduser()


def _key(description: Description, items: Sequence[Item]) -> str:
    chosen = {"classes", "ids", "palette", "size"}
    digest = hashlib.sha256(repr((FORMAT, description.model_dump(include=chosen))).encode())
    for item in items:
        stats = [path.stat() for path in (item.image, item.label)]
        states = [(stat.st_size, stat.st_mtime_ns) for stat in stats]
        digest.update(repr((item.name, item.domain, item.label.name, states)).encode())
    return digest.hexdigest()


def _open(folder: Path) -> tuple[list[np.ndarray], dict[str, Any]] | None:
    """The arrays and the index of a cache that is whole, else None."""
    try:
        index = read_json(folder / INDEX)
        if index.pop("sha256") != _sum(index):
            return None
        if index["files"] != {name: _state(folder / name) for name in (IMAGES, LABELS)}:
            return None
        # copy on write: writable as torch wants it, while the files stay as they are
        return [np.load(folder / name, mmap_mode="c") for name in (IMAGES, LABELS)], index
    except (OSError, ValueError, KeyError):
        return None


def _write(description: Description, split: Split, items: Sequence[Item], folder: Path) -> Scan:
    height, width = description.size
    shape = (len(items), height, width)
    needed, free = 4 * len(items) * height * width, shutil.disk_usage(folder.parent).free
    if needed > free:
        text = (
            f"{needed / 1e9:.1f} GB needed, {free / 1e9:.1f} GB free; {CACHE} names another folder"
        )
        raise OSError(errno.ENOSPC, text, str(folder.parent))
    draft = folder.with_name(f".{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)  # a killed process left it
    draft.mkdir()
    try:
        with (draft / IMAGES).open("wb") as images, (draft / LABELS).open("wb") as labels:
            _header(images, (*shape, 3))
            _header(labels, shape)
            with naming(draft):
                counted = _decode_into(description, split, items, images, labels)
        if not counted.problems:
            for name in (IMAGES, LABELS):
                sync(draft / name)
            blocks = (block for name in (IMAGES, LABELS) for block in _blocks(draft / name))
            index = {
                "fingerprint": fingerprint(tuple(description.classes), (*shape, 3), blocks),
                "pixels": counted.pixels,
                "sizes": counted.sizes,
                "files": {name: _state(draft / name) for name in (IMAGES, LABELS)},
            }
            write_json(draft / INDEX, index | {"sha256": _sum(index)})
            shutil.rmtree(folder, ignore_errors=True)  # a damaged one
            draft.rename(folder)
            sync(folder.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return counted


def _decode_into(
    description: Description,
    split: Split,
    items: Sequence[Item],
    images: BinaryIO,
    labels: BinaryIO,
) -> Scan:
    """Append every pair to the two files, and count."""
    reader, (height, width) = Labels(description), description.size
    pixels, counted = np.zeros(256, dtype=np.int64), Scan([])
    pairs = in_order(lambda item: decode(item, reader, (height, width)), items)
    for pair in tqdm(pairs, f"{description.name}/{split}: decoding", len(items)):
        if isinstance(pair, list):
            counted.problems += pair
            continue
        images.write(pair.image.data)
        labels.write(pair.label.data)
        pixels += np.bincount(pair.label.ravel(), minlength=256)
        counted.sizes["{1}x{0}".format(*pair.original)] += 1
    counted.pixels = [*pixels[: len(description.classes)].tolist(), int(pixels[IGNORE])]
    return counted


def _header(file: BinaryIO, shape: tuple[int, ...]) -> None:
    description = {"descr": "|u1", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, description)


def _blocks(path: Path) -> Iterator[bytes]:
    """The values of an array's file, in pieces: mapped, all would count as memory in use."""
    with path.open("rb") as file:
        np.lib.format.read_magic(file)
        np.lib.format.read_array_header_1_0(file)
        while block := file.read(2**24):
            yield block


def _state(path: Path) -> list[int]:
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns]


def _sum(index: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(index, sort_keys=True).encode()).hexdigest()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Wait until no other process holds the lock; it goes with its process, however that dies."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
