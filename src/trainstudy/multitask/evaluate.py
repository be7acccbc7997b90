"""Scores of a checkpoint on any split of the mini layout; run as a module it prints them as JSON.

usage: python -m trainstudy.multitask.evaluate RUN/checkpoints/iter_N --split test
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from trainstudy.files import read_json
from trainstudy.multitask.backbones import PRETRAINED
from trainstudy.multitask.data import TaskSet
from trainstudy.multitask.network import Network, build
from trainstudy.multitask.run import chosen, load_splits, weights_of
from trainstudy.multitask.scores import evaluate
from trainstudy.multitask.ways import TASKS
from trainstudy.runs.record import (
    CHECKPOINTS,
    RUN,
    TESTS,
    MetricsLog,
    read_metrics,
    whole_lines,
)
from trainstudy.training.checkpoint import iteration_of
from trainstudy.training.device import device_of

SPLITS = ("train", "val", "test")
SHOWN = ("mIoU", "mAP50", "mAP", "top1")


def load_network(checkpoint: Path, device: str = "cpu") -> tuple[Network, dict[str, Any]]:
    """The network of ``RUN/checkpoints/iter_N``, ready to predict, and its run's inputs.

    Raises ValueError where the folder of a run's record is not around it, and
    DamagedCheckpointError for a checkpoint that is damaged.
    """
    record = checkpoint.parent.parent / RUN
    if not record.exists():
        raise ValueError(f"{checkpoint}: is no checkpoint of a run, there is no {record}")
    content = read_json(record)
    classes = {task: len(content["data"][f"val {task}"]["classes"]) for task in TASKS}
    inputs: dict[str, Any] = content["inputs"]
    backbone = inputs["backbone"]
    norm = "frozen" if backbone in PRETRAINED else "train"  # as it was trained, to the last bit
    network = build(backbone, 0, classes, weights=False, norm=norm)
    network.load_state_dict(weights_of(checkpoint))
    return network.to(device).eval(), inputs


def evaluate_checkpoint(
    checkpoint: Path, split: str, data_root: str | None = None, device: str = "auto"
) -> dict[str, float]:
    """``SHOWN`` in percent, and the scores of single classes, on a split of all three sets.

    Raises ValueError for an unknown split, and as :func:`load_network` and ``data.load`` do.
    """
    if split not in SPLITS:
        raise ValueError(f"unknown split {split!r}; accepted: {', '.join(SPLITS)}")
    network, inputs = load_network(checkpoint, device_of(device))
    sets = {}
    for task, splits in load_splits(data_root, inputs["size"]).items():
        sets[task] = splits.test() if split == "test" else getattr(splits, split)
    return evaluate(network, sets, getattr(torch, inputs["precision"]))


def evaluate_run(folder: Path, tests: Mapping[str, TaskSet], device: str = "auto") -> None:
    """Add a run's scores on the test sets, by task, to its ``tests.jsonl``: those of its end, and
    of the checkpoints that were chosen on validation, those not scored yet."""
    log, reached = folder / TESTS, read_json(folder / RUN)["iteration"]
    whole = whole_lines(log)
    scored = {json.loads(line)["iteration"] for line in whole.splitlines()}
    validations = read_metrics(folder, "val")
    with MetricsLog(log, len(whole)) as lines:
        for iteration in sorted({reached, *chosen(validations)} - scored):
            path = folder / CHECKPOINTS / f"iter_{iteration}"
            network, inputs = load_network(path, device_of(device))
            found = evaluate(network, tests, getattr(torch, inputs["precision"]))
            lines.append(iteration, "val", split="test", **found)
            lines.commit()


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        "python -m trainstudy.multitask.evaluate",
        description="Print mIoU, mAP50, mAP and top1 of a checkpoint, in percent, as JSON.",
    )
    parser.add_argument("checkpoint", type=Path, help="a folder RUN/checkpoints/iter_N")
    parser.add_argument("--split", choices=SPLITS, default="val")
    parser.add_argument("--data-root", help="the folder with mini/, or: synthetic")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--classes", action="store_true", help="those of single classes too")
    given = parser.parse_args(words)
    try:
        found = evaluate_checkpoint(given.checkpoint, given.split, given.data_root, given.device)
    except (ValueError, OSError) as error:
        parser.error(str(error))
    names = found if given.classes else SHOWN
    told = {"checkpoint": str(given.checkpoint), "iteration": iteration_of(given.checkpoint)}
    print(json.dumps({**told, "split": given.split, **{name: found[name] for name in names}}))


if __name__ == "__main__":
    main()
