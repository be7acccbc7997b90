"""Scores of a checkpoint on any split of the mini layout; run as a module it prints them as JSON.

usage: python -m trainstudy.multitask.evaluate RUN/checkpoints/iter_N --split test
"""

import argparse
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from trainstudy.files import read_json
from trainstudy.multitask.data import TaskSet
from trainstudy.multitask.network import Network, build, norm_of
from trainstudy.multitask.run import chosen, load_splits, weights_of
from trainstudy.multitask.scores import evaluate
from trainstudy.runs.record import (
    CHECKPOINTS,
    RUN,
    TESTS,
    MetricsLog,
    read_metrics,
    whole_lines,
)
from trainstudy.tasks import TASKS
from trainstudy.training.checkpoint import iteration_of
from trainstudy.training.device import device_of

SPLITS = ("train", "val", "test")
SHOWN = ("mIoU", "mAP50", "mAP", "top1")
NEEDED = ("backbone", "size", "precision")  # inputs of a training without which it cannot be scored


def load_network(checkpoint: Path, device: str = "cpu") -> tuple[Network, dict[str, Any]]:
    """The network of ``RUN/checkpoints/iter_N``, ready to predict, and its run's inputs.

    Raises ValueError where the folder of a run's record is not around it or the record is of no
    multi-task training, and DamagedCheckpointError for a checkpoint that is damaged.
    """
    inputs, classes = _record_of(checkpoint)
    return _network(checkpoint, inputs["backbone"], classes, device), inputs


def _network(
    checkpoint: Path, backbone: str, classes: Mapping[str, Sequence[str]], device: str
) -> Network:
    counts = {task: len(names) for task, names in classes.items()}
    network = build(backbone, 0, counts, weights=False, norm=norm_of(backbone))
    try:
        network.load_state_dict(weights_of(checkpoint))
    except RuntimeError as error:
        first = str(error).splitlines()[0]
        raise ValueError(f"{checkpoint}: not of the network of its record: {first}") from None
    return network.to(device).eval()


def _record_of(checkpoint: Path) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The inputs of a checkpoint's run, and the classes of every task."""
    record = checkpoint.parent.parent / RUN
    if not (record.exists() and re.fullmatch(r"iter_\d+", checkpoint.name)):
        raise ValueError(
            f"{checkpoint}: is no checkpoint of a run, RUN/{CHECKPOINTS}/iter_N beside {record}"
        )
    content = read_json(record)
    try:
        classes = {task: content["data"][f"val {task}"]["classes"] for task in TASKS}
        inputs = dict(content["inputs"])
        if lacking := [name for name in NEEDED if name not in inputs]:
            raise KeyError(lacking[0])
        return inputs, classes
    except (KeyError, TypeError) as error:
        raise ValueError(f"{record}: of no multi-task training, it lacks {error}") from None


def evaluate_checkpoint(
    checkpoint: Path, split: str, data_root: str | None = None, device: str = "auto"
) -> dict[str, float]:
    """``SHOWN`` in percent, and the scores of single classes, on a split of all three sets.

    Raises ValueError for an unknown split and for sets with other classes than those trained on,
    and as :func:`load_network` and ``data.load`` do.
    """
    if split not in SPLITS:
        raise ValueError(f"unknown split {split!r}; accepted: {', '.join(SPLITS)}")
    inputs, trained = _record_of(checkpoint)
    network = _network(checkpoint, inputs["backbone"], trained, device_of(device))
    sets = {}
    for task, splits in load_splits(data_root, inputs["size"]).items():
        sets[task] = splits.test() if split == "test" else getattr(splits, split)
        if (found := list(sets[task].classes)) != trained[task]:
            raise ValueError(
                f"{sets[task].name}: its classes are {', '.join(found)}, but the checkpoint was "
                f"trained on {', '.join(trained[task])}"
            )
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
