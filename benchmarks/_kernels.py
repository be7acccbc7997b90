"""Where the time of a step goes on a GPU, by kind of kernel."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import inf
from typing import Any, NamedTuple

import torch
from torch.autograd import DeviceType  # type: ignore[attr-defined]

STEPS = 20
KINDS = {  # the first that fits; a compiled kernel bears the names of all it fuses
    "normalisation": r"batch_?norm|layer_?norm|bn_(fw|bw)|GammaBeta|RowwiseMoments",
    "optimizer": r"multi_tensor|fused_?(adam|sgd)|lpnorm",
    "copies": r"memcpy|memset|copy|nchwToNhwc|nhwcToNchw|CatArray|transpose",
    "elementwise and reductions": r"^triton_(poi|red|per)|elementwise|reduce|softmax|nll_loss"
    r"|index|gather|scatter",
    "resizing and pooling": r"upsample|grid_sampl|pool",
    "convolutions and matrix products": r"gemm|conv|xmma|cutlass|cudnn|nvjet|grad|fprop|splitK"
    r"|fmha|flash|^triton_(tem|mm|bmm)",
}
OTHER, IDLE = "others", "idle"


class Kernel(NamedTuple):
    """One kernel that ran; microseconds."""

    name: str
    start: float
    end: float


def profile(training: Iterator[Any]) -> dict[str, float]:
    """Milliseconds a step by kind, over some steps of a training that is under way."""
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CUDA]) as profiler:
        for _ in range(STEPS):
            next(training)
        torch.cuda.synchronize()
    kernels = [
        Kernel(event.name, event.time_range.start, event.time_range.end)
        for event in profiler.events()
        if event.device_type == DeviceType.CUDA and not event.is_user_annotation
    ]
    return {name: spent / 1e3 / STEPS for name, spent in by_kind(kernels).items()}


def by_kind(kernels: Iterable[Kernel]) -> dict[str, float]:
    """Microseconds by kind, and those in which nothing ran from the first kernel to the last."""
    spent: defaultdict[str, float] = defaultdict(float)
    idle, reached = 0.0, -inf
    for kernel in sorted(kernels, key=lambda kernel: kernel.start):
        spent[kind(kernel.name)] += kernel.end - kernel.start
        idle += max(0.0, kernel.start - reached) if reached > -inf else 0.0
        reached = max(kernel.end, reached)
    return {**spent, IDLE: idle}


def kind(name: str) -> str:
    """The kind of a kernel by its name."""
    return next((k for k, names in KINDS.items() if re.search(names, name, re.IGNORECASE)), OTHER)
