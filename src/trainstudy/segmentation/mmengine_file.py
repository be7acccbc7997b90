"""Reading a file of mmengine without running what it says.

``iter_N.pth`` is a pickle that also holds log buffers. torch's weights-only unpickler reads it; an
empty stand-in takes the place of the few types those buffers consist of, and a file that asks for
any other type is refused. (mmengine itself falls back to full unpickling there.)
"""

import pickle
import re
import zipfile
from pathlib import Path
from typing import Any, Self

import torch


class _Unread:
    """Takes whatever a log buffer is made of and keeps nothing."""

    def __new__(cls, *_: object) -> Self:
        return super().__new__(cls)

    def __setstate__(self, _: object) -> None: ...


_BUFFERS = (
    "builtins.getattr",  # how a pickle spells HistoryBuffer's own methods
    "mmengine.logging.history_buffer.HistoryBuffer",
    "numpy.dtype",
    "numpy.ndarray",
    *(f"numpy.{core}.multiarray._reconstruct" for core in ("core", "_core")),
    *(f"numpy.{core}.multiarray.scalar" for core in ("core", "_core")),
)


def read(path: Path, *, weights: bool = True) -> dict[str, Any]:
    """The content of a file of mmengine, on the CPU; without ``weights`` they stay on the disk.

    Raises ValueError, naming the file, where it is damaged, holds a type that is not read, or has
    no ``state_dict``.
    """
    mmap = not weights and zipfile.is_zipfile(path)
    try:
        with torch.serialization.safe_globals([(_Unread, name) for name in _BUFFERS]):
            content = torch.load(path, map_location="cpu", weights_only=True, mmap=mmap)
    except OSError:
        raise
    except Exception as error:  # a damaged pickle can raise anything
        refused = re.search(r"GLOBAL (\S+)", str(error))
        if refused and isinstance(error, pickle.UnpicklingError):
            raise ValueError(
                f"{path}: holds an object of type {refused[1]}; only tensors, plain values and "
                "mmengine's log buffers are read"
            ) from None
        raise ValueError(f"{path}: damaged, or not written by torch.save: {error}") from error
    weights_of = content.get("state_dict") if isinstance(content, dict) else None
    if not isinstance(weights_of, dict) or not all(map(torch.is_tensor, weights_of.values())):
        raise ValueError(f"{path}: not a checkpoint of mmengine: it has no state_dict of tensors")
    return dict(content)


def iteration(path: Path, content: dict[str, Any]) -> int:
    """How many iterations the file was trained for, counted by mmengine in epochs or not.

    Raises ValueError, naming the file, where it does not say.
    """
    meta = content.get("meta")
    found = meta.get("iter") if isinstance(meta, dict) else None
    if not isinstance(found, int) or found < 0:
        raise ValueError(f"{path}: its meta holds no iteration ('iter'), found {found!r}")
    return found
