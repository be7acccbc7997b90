"""Dropout whose masks are a function of (seed, iteration, layer, place in the batch).

torch's own draws from one generator a device, whose state depends on everything drawn before. Here
every element's uniform number is a hash of its counter, so the masks are the same after a resume,
in a captured CUDA graph, beside other trainings in one process, and on any number of GPUs.
"""

from typing import Any

import torch
from torch import Tensor, nn

from trainstudy.training.randomness import key
from trainstudy.training.upload import upload


class Dropout(nn.Module):
    """Drop with probability ``p`` over the first ``dimensions`` of the input, broadcast over the
    rest (1: whole samples, as stochastic depth does; 2: whole channels; None: single elements)."""

    def __init__(self, p: float, dimensions: int | None, layer: int, stream: "Stream") -> None:
        super().__init__()
        self.p, self.dimensions, self.layer, self.stream = p, dimensions, layer, stream

    def forward(self, inputs: Tensor) -> Tensor:
        if not self.training or self.p == 0:
            return inputs
        kept = inputs.shape[: self.dimensions]
        shape = (*kept, *(1 for _ in inputs.shape[len(kept) :]))
        keep = self.stream.uniform(shape, self.layer) >= self.p
        return inputs * (keep / (1 - self.p)).to(inputs.dtype)

    def extra_repr(self) -> str:
        return f"p={self.p}, dimensions={self.dimensions}"


class Stream:
    """The random numbers of one step: a key on the device, set before each iteration.

    ``first_row`` is the place of the local batch's first sample in the global batch.
    """

    def __init__(self, device: torch.device) -> None:
        self.key = torch.zeros((), dtype=torch.int64, device=device)
        # a tensor: as a number, a compiler would multiply it in 32 bits
        self.golden = torch.tensor(_GOLDEN, device=device)
        self.first_row = 0

    def set(self, seed: int, iteration: int) -> None:
        value = key(seed, "dropout", iteration)
        self.key.copy_(upload(value, self.key, torch.int64))

    def uniform(self, shape: tuple[int, ...], layer: int) -> Tensor:
        """Numbers in [0, 1) of a shape whose first dimension is the batch."""
        row = 1
        for length in shape[1:]:
            row *= length
        places = torch.arange(shape[0] * row, device=self.key.device) + self.first_row * row
        bits = _mix(_mix(self.key + _signed(_GOLDEN * (layer + 1))) + self.golden * (places + 1))
        return (((bits >> 40) & 0xFFFFFF).float() * 2.0**-24).view(shape)


def install(module: nn.Module) -> Stream:
    """Replace every dropout and stochastic-depth layer of ``module`` in place.

    Returns the stream of their numbers. A module whose layers were replaced before keeps them.
    """
    for child in module.modules():
        if isinstance(child, Dropout):
            return child.stream
    stream = Stream(next(module.parameters()).device)
    layers = 0
    for parent in list(module.modules()):
        for name, child in parent.named_children():
            if (found := _kind(child)) is not None:
                setattr(parent, name, Dropout(*found, layers, stream))
                layers += 1
    return stream


def _kind(module: Any) -> tuple[float, int | None] | None:
    if isinstance(module, nn.Dropout1d | nn.Dropout2d | nn.Dropout3d):
        return module.p, 2
    if isinstance(module, nn.Dropout):
        return module.p, None
    if type(module).__name__ == "DropPath":  # mmcv's and timm's alike
        return float(module.drop_prob or 0), 1
    return None


def _signed(value: int) -> int:
    """The int64 with the low 64 bits of ``value``."""
    return (value + (1 << 63)) % (1 << 64) - (1 << 63)


# SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014)
_GOLDEN, _FIRST, _SECOND = (
    _signed(value) for value in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)


def _mix(bits: Tensor) -> Tensor:
    # torch shifts int64 arithmetically: the mask makes it a logical shift
    bits = (bits ^ ((bits >> 30) & ((1 << 34) - 1))) * _FIRST
    bits = (bits ^ ((bits >> 27) & ((1 << 37) - 1))) * _SECOND
    return bits ^ ((bits >> 31) & ((1 << 33) - 1))
