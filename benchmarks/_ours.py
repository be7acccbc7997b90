"""Our side: the project's own loop, and how many operations its models need."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks import _kernels
from benchmarks._common import Clock, Speed, Window, Workload, now
from trainstudy import data
from trainstudy.segmentation import losses, models
from trainstudy.segmentation.parameters import TrainSegmentation
from trainstudy.segmentation.run import Prepared, build_task, prepare
from trainstudy.segmentation.task import SegmentationTask
from trainstudy.training import schedules
from trainstudy.training.loop import Plan, iterate
from trainstudy.training.step import WARM_UP

FAR = 10**9  # no validation before
GAP = WARM_UP + 2  # iterations to a boundary: a GPU's step is captured by then


def parameters(workload: Workload, **given: Any) -> TrainSegmentation:
    """Those of a training as it would be started, in bfloat16 and compiled on a GPU."""
    gpu = workload.device == "cuda"
    values = {"precision": "bfloat16" if gpu else "float32", "compiled": gpu} | given
    return TrainSegmentation.checked(
        model=workload.model, dataset=workload.dataset, batch_size=workload.batch_size,
        crop=list(workload.crop), device=workload.device,
        strategy="std_photometric_distort" if workload.photometric else "none", **values,
    )  # fmt: skip


def task_of(workload: Workload, prepared: Prepared) -> SegmentationTask:
    task = build_task(prepared, workload.device)
    if workload.device == "cpu":
        torch.set_num_threads(workload.threads)
    return task


def plan(until: int) -> Plan:
    """To ``until``, which is the first boundary too."""
    return Plan(schedules.parse("constant"), seed=0, until=until, interval=until)


def speed(workload: Workload, window: Window, boundary: bool = False) -> Speed:
    """Time a window of a training; then, if asked, a ``boundary``, and on a GPU the kernels."""
    task = task_of(workload, prepare(parameters(workload)))
    with TemporaryDirectory() as folder:
        clock = Clock(window, workload)
        training = iterate(task, Path(folder), plan(FAR), quiet=True)
        for _ in training:
            if clock.tick():
                break
        found = clock.speed()
        if boundary and workload.device == "cuda":
            found = replace(found, kernels=_kernels.profile(training))
        training.close()
    if boundary:
        found = replace(found, boundary=_boundary(task, workload.device))
    return found


def _boundary(task: SegmentationTask, device: str) -> float:
    """Seconds that an iteration with a validation and a checkpoint takes more than the one before.

    The second of them: the first chooses kernels for images of full size.
    """
    with TemporaryDirectory() as folder:
        ends = [
            now(device)
            for _ in iterate(
                task, Path(folder), Plan(schedules.parse("constant"), 0, 2 * GAP, GAP), quiet=True
            )
        ]
    return max(0.0, (ends[-1] - ends[-2]) - (ends[-2] - ends[-3]))


@cache
def operations(workload: Workload) -> int:
    """Floating-point operations of a forward and a backward pass of one batch.

    Counted on tensors without content, in the model as mmsegmentation builds it; of convolutions
    and matrix products alone, so that the loss and its resizing can be left out.
    """
    classes = len(data.load(workload.dataset).train.classes)
    module = models.build(models.configure(workload.model, classes), seed=0).to("meta")
    inputs = torch.zeros(workload.batch_size, 3, *workload.crop, device="meta")
    with FlopCounterMode(display=False) as counter:
        features = module.extract_feat(inputs)  # type: ignore[operator]
        torch.stack([head(features).sum() for head in losses.heads(module)]).sum().backward()
    return int(counter.get_total_flops())


def matrix_rate(size: int = 8192, repeats: int = 50) -> float:
    """Operations/s of a product of two random bfloat16 matrices on this GPU."""
    left, right = (torch.randn(size, size, device="cuda", dtype=torch.bfloat16) for _ in "ab")
    for _ in range(10):
        left @ right
    start = now("cuda")
    for _ in range(repeats):
        left @ right
    return 2 * size**3 * repeats / (now("cuda") - start)
