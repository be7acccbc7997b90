"""Checkpoints that are complete or absent: written beside, flushed, renamed, and summed.

``iter_N/`` holds one safetensors file a group (model, optimizer) and ``checkpoint.json`` with the
iteration, the loop's own state, the SHA-256 of every other file and that of all this. Nothing is
ever unpickled.
"""

import hashlib
import json
import re
import shutil
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from trainstudy.files import naming, sync
from trainstudy.runs.identity import digest

INDEX = "checkpoint.json"
_NAME = re.compile(r"iter_(\d+)")


class DamagedCheckpointError(ValueError):
    """A checkpoint folder whose content does not match its own sums."""


@dataclass(frozen=True)
class Checkpoint:
    iteration: int
    tensors: dict[str, dict[str, torch.Tensor]]
    state: dict[str, Any]
    sums: dict[str, str]


def save(
    folder: Path,
    iteration: int,
    tensors: Mapping[str, Mapping[str, torch.Tensor]],
    state: Mapping[str, Any],
) -> dict[str, str]:
    """Write ``folder/iter_N`` and return the SHA-256 of its files.

    A reader sees the whole checkpoint or none, whenever the writer is killed: the folder gets its
    name by one rename, after every byte has reached the disk. One writer at a time. Raises OSError
    naming the file that could not be written, and leaves the other checkpoints as they were.
    """
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / f"iter_{iteration}"
    draft = folder / f".draft_{iteration}"
    shutil.rmtree(draft, ignore_errors=True)  # a killed writer's
    try:
        draft.mkdir()
        for group, values in tensors.items():
            path = draft / f"{group}.safetensors"
            _write({key: value.detach().contiguous() for key, value in values.items()}, path)
            sync(path)
        sums = {path.name: sha256(path) for path in sorted(draft.iterdir())}
        index = {"iteration": iteration, "state": dict(state), "sha256": sums}
        with naming(draft / INDEX):
            (draft / INDEX).write_text(json.dumps(index | {"sum": digest(index)}, indent=1))
        sync(draft / INDEX)
        sync(draft)
        if final.exists():  # a damaged one of the same iteration, or the same run trained again
            shutil.rmtree(final)
        draft.rename(final)
        sync(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return sums


def _write(tensors: dict[str, torch.Tensor], path: Path) -> None:
    try:
        save_file(tensors, path)
    except SafetensorError as error:  # its own word for a full disk too, and without the file
        raise OSError(f"{path}: {error}") from error


def load(path: Path, device: str = "cpu") -> Checkpoint:
    """Read and verify one checkpoint folder.

    Raises DamagedCheckpointError naming the file that is missing or differs from its sum.
    """
    try:
        index = json.loads((path / INDEX).read_text())
        if index.pop("sum") != digest(index):
            raise DamagedCheckpointError(f"{path / INDEX}: content differs from its SHA-256")
        iteration, state, sums = index["iteration"], index["state"], index["sha256"]
        for name, expected in sums.items():
            if sha256(path / name) != expected:
                raise DamagedCheckpointError(f"{path / name}: content differs from its SHA-256")
        tensors = {Path(name).stem: load_file(path / name, device=device) for name in sums}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError) as error:
        if isinstance(error, DamagedCheckpointError):
            raise
        raise DamagedCheckpointError(f"{path}: {type(error).__name__}: {error}") from error
    return Checkpoint(iteration, tensors, state, sums)


def newest_first(folder: Path, device: str = "cpu") -> Iterator[Checkpoint]:
    """The sound checkpoints of a run, latest first; each damaged one is a warning and is passed."""
    for path in sorted(paths(folder), key=iteration_of, reverse=True):
        try:
            yield load(path, device)
        except DamagedCheckpointError as error:
            warnings.warn(f"damaged checkpoint passed over: {error}", stacklevel=2)


def paths(folder: Path) -> list[Path]:
    """The checkpoint folders of a run in the order of their iterations, without drafts."""
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted((path for path in found if _NAME.fullmatch(path.name)), key=iteration_of)


def iteration_of(path: Path) -> int:
    return int(path.name.removeprefix("iter_"))


def prune(folder: Path, iteration: int, keep: int, spare: frozenset[int]) -> None:
    """Delete all but the last ``keep`` checkpoints and those at the iterations of ``spare``,
    and the drafts that a killed writer left.

    Those beyond ``iteration``, where the run is, go too: it was resumed before them because its log
    does not reach them or they are damaged, and must not count them among its last.
    """
    reached = [path for path in paths(folder) if iteration_of(path) <= iteration]
    kept = [*reached[-keep:], *(path for path in reached if iteration_of(path) in spare)]
    for path in paths(folder):
        if path not in kept:
            shutil.rmtree(path)
    for draft in folder.glob(".draft_*"):
        shutil.rmtree(draft, ignore_errors=True)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
