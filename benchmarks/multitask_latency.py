"""Parameters and latency of the multi-task network, against timm's backbone in it alone.

One image, all three answers: segmentation resized to the image, detection before overlapping boxes
are dropped. In bf16 and from a CUDA graph on a GPU, in single precision on a CPU. Both sides in
turns, in one process; the median counts.
"""

from collections.abc import Callable, Sequence
from statistics import median

import torch
from torch import Tensor

from benchmarks._common import Arguments, device_name, fresh, now
from benchmarks._results import compare, save
from trainstudy.multitask.network import (
    BACKBONES,
    Network,
    build,
    cls_logits,
    det_maps,
    normalise,
    seg_logits,
)

PEER = "timm's backbone alone"
WARM_UP = 3  # calls before the capture and the clock
Call = Callable[[], object]


def measure(
    backbone: str, size: int, calls: int, device: str
) -> tuple[list[int], list[list[float]], str]:
    """Parameters and the milliseconds of every call, network then backbone; the device's name."""
    network = build(backbone, seed=0).eval()
    parameters = [
        sum(parameter.numel() for parameter in part.parameters())
        for part in (network, network.backbone)
    ]
    precision = torch.bfloat16 if device == "cuda" else torch.float32
    network.to(device, precision).to(memory_format=torch.channels_last)
    images = normalise(torch.randint(256, (1, 3, size, size)))
    images = images.to(device, precision, memory_format=torch.channels_last)
    with torch.inference_mode():
        sides: list[Call] = [lambda: answer(network, images), lambda: network.backbone(images)]
        for side in sides * WARM_UP:
            side()
        if device == "cuda":
            sides = [captured(side) for side in sides]
        each = [[milliseconds(side, device) for side in sides] for _ in range(calls)]
    return parameters, [list(side) for side in zip(*each, strict=True)], device_name(device)


def answer(network: Network, images: Tensor) -> list[Tensor]:
    """The maps of all three tasks."""
    outputs = network(images)
    height, width = images.shape[-2:]
    return [seg_logits(outputs, (height, width)), cls_logits(outputs), *det_maps(outputs)]


def captured(call: Call) -> Call:
    """The same as one CUDA graph; it has been called before."""
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        kept = call()

    def replay() -> object:
        graph.replay()
        return kept  # the graph writes there

    return replay


def milliseconds(call: Call, device: str) -> float:
    """From an idle device to an idle device."""
    start = now(device)
    call()
    return (now(device) - start) * 1e3


def main(words: Sequence[str] | None = None) -> None:
    arguments = Arguments("multitask_latency", __doc__, BACKBONES)
    given = arguments.read(words)
    size, calls = (64, 2) if given.quick else (512, 30 if given.device == "cpu" else 200)
    for model in given.models:
        parameters, spent, device = fresh(
            measure, model, size, calls, given.device, device=given.device
        )
        about = {"device": device, "command": given.command, "cost": True}
        ours, theirs = parameters
        save(
            given.path,
            [
                compare(f"{model}, parameters", PEER, "million", ours / 1e6, theirs / 1e6, **about),
                compare(
                    f"{model}, {size}x{size}, {given.device}", PEER, "ms an image",
                    *map(median, spent), **about,
                    ours_least_and_most=[min(spent[0]), max(spent[0])],
                    theirs_least_and_most=[min(spent[1]), max(spent[1])],
                ),
            ],
        )  # fmt: skip


if __name__ == "__main__":
    main()
