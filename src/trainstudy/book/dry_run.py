"""The dry run: what a training would read, what is wrong with it, and how long it would take."""

import math
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import torch
from pydantic import NonNegativeInt

from trainstudy import data
from trainstudy.book.show import Html, plain, sentences, table
from trainstudy.segmentation.parameters import TrainSegmentation
from trainstudy.segmentation.run import build_task, prepare
from trainstudy.segmentation.task import SegmentationTask
from trainstudy.training import schedules
from trainstudy.training.device import describe, device_of
from trainstudy.training.loop import Plan, iterate

WARM_UP = 5  # steps that are not timed: they allocate, choose kernels and capture
IMAGES = 8  # validation images that are timed


class DryRun(TrainSegmentation):
    """A training's parameters, and the number of ``timed_steps`` to time for the estimate."""

    timed_steps: NonNegativeInt = 8


def look(parameters: DryRun) -> data.DryRun:
    """Read train and val as a training would."""
    return data.dry_run(parameters.dataset, parameters.data_root)


def images(found: data.DryRun) -> Html:
    """Images of every domain in every split."""
    splits = list(found.images["split"].unique())
    counts = found.images.pivot(index="domain", columns="split", values="images")
    counts.loc["together"] = counts.sum()
    counts = counts.fillna(0).astype(int).reset_index()
    return table(counts, {"domain": "Domain", **{split: split for split in splits}})


def classes(found: data.DryRun) -> Html:
    """The share of every class of the labelled pixels."""
    percent = dict.fromkeys(("train", "val"), _share)
    heads = {"class": "Class", "train": "train, %", "val": "val, %"}
    return table(found.classes, heads, percent, sortable=True)


def sizes(found: data.DryRun) -> Html:
    """The sizes of images on disk."""
    return table(found.sizes, {"split": "Split", "size": "Size on disk", "images": "Images"})


def problems(found: data.DryRun) -> Html:
    """Every file that is not as it should be."""
    if found.problems.empty:
        return sentences(["Nothing is wrong with this data."])
    return table(found.problems, {"file": "File", "what": "What is wrong"})


def cost(parameters: DryRun, found: data.DryRun) -> Html:
    """The time that the training would take, from a few of its own steps. Their result is lost."""
    if not found.problems.empty:
        return sentences(["Not measured: the data cannot be trained on as it is."])
    if not parameters.timed_steps:
        return sentences(["Not measured: no steps to time were asked for."])
    prepared = prepare(parameters)
    device = device_of(parameters.device)
    task = build_task(prepared, device)
    step = _seconds_a_step(task, parameters)
    image = _seconds_an_image(task, min(IMAGES, len(task.val)))
    validations = math.ceil(parameters.until / parameters.interval)
    stored = sum(s.images.nbytes + s.labels.nbytes for s in (prepared.sets.train, task.val))
    training, validation = parameters.until * step, validations * len(task.val) * image
    rows = {
        "device": describe(device),
        "images and labels in memory": f"{stored / 1e9:.2f} GB",
        "a step": f"{1e3 * step:.3g} ms",
        f"{parameters.until:,} steps": _duration(training),
        f"{validations:,} validations of {len(task.val):,} images": _duration(validation),
        "together": _duration(training + validation),
    }
    frame = pd.DataFrame({"name": list(rows), "value": list(rows.values())})
    return table(frame, {"name": "Estimate", "value": ""}, sortable=False)


def _seconds_a_step(task: SegmentationTask, parameters: DryRun) -> float:
    last = WARM_UP + parameters.timed_steps
    schedule = schedules.parse(parameters.schedule)
    plan = Plan(schedule, parameters.seed, until=last + 1, interval=last + 1)
    with TemporaryDirectory() as folder:
        training = iterate(task, Path(folder), plan, quiet=True)
        for _ in range(WARM_UP):
            next(training)
        seconds = _timed(task, lambda: [next(training) for _ in range(parameters.timed_steps)])
        training.close()
    return seconds / parameters.timed_steps


def _seconds_an_image(task: SegmentationTask, count: int) -> float:
    val = task.val
    few = replace(
        val,
        images=val.images[:count],
        labels=val.labels[:count],
        names=val.names[:count],
        domains=val.domains[:count],
    )
    task.module.eval()
    with torch.inference_mode():
        task.confusions(few)
        return _timed(task, lambda: task.confusions(few)) / count


def _timed(task: SegmentationTask, work: Callable[[], object]) -> float:
    _wait(task)
    start = time.perf_counter()
    work()
    _wait(task)
    return time.perf_counter() - start


def _wait(task: SegmentationTask) -> None:
    if task.device.type == "cuda":
        torch.cuda.synchronize(task.device)


def _share(percent: float) -> str:
    """Two decimals; what is there at all never shows as nothing."""
    return "< 0.01" if 0 < percent < 0.005 else plain(float(percent))


def _duration(seconds: float) -> str:
    return str(timedelta(seconds=math.ceil(seconds)))
