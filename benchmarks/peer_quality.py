"""Validation mIoU of both sides after the same training, over seeds: is speed paid for?

Random weights, the same optimizer, rate, poly schedule, batch, crop and augmentation; bfloat16 on
both sides. Nothing is timed, so several trainings share the GPU. The noise floor is the smallest
difference of two means that these seeds can tell from zero (two-sided 5 %, pooled variance).
"""

from collections.abc import Sequence
from functools import partial
from math import sqrt
from pathlib import Path
from statistics import fmean, stdev, variance
from tempfile import TemporaryDirectory
from typing import Any

from mmengine.hooks import Hook
from mmengine.runner import Runner
from scipy.stats import t

from benchmarks import _ours
from benchmarks._common import Arguments, Workload, device_name, fresh_all, workload
from benchmarks._mmengine import PEER, Images, Setting, make_runner, run
from benchmarks._results import Row, compare, save
from trainstudy.runs.record import read_metrics
from trainstudy.segmentation.run import train_segmentation

RATES = {"pspnet": 1e-2, "segformer": 6e-4}  # base rates by kind of model, for random weights


def ours(workload: Workload, _: Images, seed: int, iterations: int) -> tuple[float, str]:
    with TemporaryDirectory() as folder:
        given = _ours.parameters(
            workload, runs_root=folder, seed=seed, until=iterations, interval=iterations,
            learning_rate=_rate(workload), schedule=f"poly:end={iterations},power=0.9,floor=0",
        )  # fmt: skip
        values = read_metrics(train_segmentation(given, quiet=True), "val")
    return values[-1]["mIoU"], device_name(workload.device)


def theirs(workload: Workload, images: Images, seed: int, iterations: int) -> tuple[float, str]:
    gpu = workload.device == "cuda"
    setting = Setting(2 if gpu else 0, "bfloat16" if gpu else "float32")
    score = _Score()
    changes = {
        "param_scheduler": [
            {
                "type": "PolyLR", "power": 0.9, "eta_min": 0.0, "end": iterations,
                "by_epoch": False,
            },
        ],
        "optim_wrapper.optimizer.lr": _rate(workload),
        "randomness": {"seed": seed},
    }  # fmt: skip
    with TemporaryDirectory() as work:
        run(
            make_runner(
                workload, images, setting, Path(work), score, until=iterations, changes=changes
            )
        )
    return score.value, device_name(workload.device)


class _Score(Hook):
    value = float("nan")

    def after_val_epoch(self, runner: Runner, metrics: dict[str, float] | None = None) -> None:
        self.value = float((metrics or {})["mIoU"])


SIDES = {"theirs": theirs, "ours": ours}  # with fewer at once the first of ours compiles for all


def train(side: str, *arguments: Any) -> tuple[float, str]:
    """The mIoU of one training of one side, and the device."""
    return SIDES[side](*arguments)


def _rate(workload: Workload) -> float:
    return RATES[workload.model.partition("_")[0]]


def noise_floor(one: Sequence[float], other: Sequence[float]) -> float:
    """The smallest difference of the means that is told from zero."""
    freedom = len(one) + len(other) - 2
    squares = (len(one) - 1) * variance(one) + (len(other) - 1) * variance(other)
    error = sqrt(squares / freedom * (1 / len(one) + 1 / len(other)))
    return float(t.ppf(0.975, freedom) * error)


def summary(row: partial[Row], name: str, one: Sequence[float], other: Sequence[float]) -> Row:
    """Means of both sides with their spread and the difference against its noise floor."""
    difference, floor = fmean(one) - fmean(other), noise_floor(one, other)
    return row(
        name, PEER, "mIoU, percent", fmean(one), fmean(other),
        ours_each=list(one), theirs_each=list(other), ours_sd=stdev(one), theirs_sd=stdev(other),
        difference=difference, noise_floor=floor, equal_within_noise=abs(difference) <= floor,
    )  # fmt: skip


def main(words: Sequence[str] | None = None) -> None:
    arguments = Arguments("peer_quality", __doc__, ["pspnet_r50", "segformer_b0"])
    arguments.add_argument("--iterations", type=int, default=2000)
    arguments.add_argument("--seeds", type=int, default=3)
    arguments.add_argument("--at-once", type=int, default=6, help="trainings side by side")
    given = arguments.read(words)
    with TemporaryDirectory() as folder:
        images = Images.write(workload(given, "").dataset, Path(folder, "images"))
        for model in given.models:
            case = workload(given, model)
            calls = [
                (side, case, images, seed, given.iterations)
                for side in SIDES
                for seed in range(given.seeds)
            ]
            found = fresh_all(train, calls, given.at_once, given.device)
            values = [value for value, _ in found]
            row = partial(
                compare, device=found[0][1], command=given.command, learning_rate=_rate(case)
            )
            name = f"{model}, {given.iterations:,} iterations, {given.seeds} seeds"
            save(given.path, [summary(row, name, values[given.seeds :], values[: given.seeds])])


if __name__ == "__main__":
    main()
