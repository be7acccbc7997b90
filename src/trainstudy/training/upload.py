"""Small host values to a device without making the host wait for it."""

from collections.abc import Sequence
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor


def upload(
    values: Sequence[Any] | NDArray[Any] | float, like: Tensor, dtype: torch.dtype = torch.float32
) -> Tensor:
    """``values`` as a tensor on the device of ``like``.

    From pinned memory, so that a GPU fetches them in its own time: a plain ``torch.tensor(...,
    device="cuda")`` waits until everything queued before has been done.
    """
    host = torch.as_tensor(values, dtype=dtype)
    if like.device.type != "cuda":
        return host
    return host.pin_memory().to(like.device, non_blocking=True)
