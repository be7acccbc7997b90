"""Seconds from a loaded checkpoint to the end of the first new iteration, early and late in a run.

Checkpoints say that they are of iteration 100 and of 1,000,000; their content is the same. Kernels
have been chosen by a training in the same process before. The step is not compiled: that every
start pays, resumed or not (``compile_seconds`` of ``training_speed``).
"""

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from mmengine.hooks import Hook
from mmengine.runner import Runner

from benchmarks import _ours
from benchmarks._common import Arguments, Workload, device_name, fresh, now, workload
from benchmarks._mmengine import PEER, Finished, Images, Setting, make_runner, run
from benchmarks._results import compare, save
from trainstudy.runs.record import CHECKPOINTS, METRICS, MetricsLog
from trainstudy.segmentation.run import prepare
from trainstudy.training import checkpoint
from trainstudy.training.loop import iterate, train

AT = (100, 1_000_000)
Seconds = dict[int, list[float]]


def ours(workload: Workload, repeats: int) -> tuple[Seconds, float, str]:
    """The seconds of each repeat, the median of those of loading, and the device."""
    device = workload.device
    prepared = prepare(_ours.parameters(workload, compiled=False))
    seconds: Seconds = {iteration: [] for iteration in AT}
    loading = []
    with TemporaryDirectory() as name:
        first = Path(name)
        train(_ours.task_of(workload, prepared), first, _ours.plan(2), quiet=True)
        found = checkpoint.load(first / CHECKPOINTS / "iter_2")
        for iteration in AT:
            folder = first / str(iteration)
            folder.mkdir()
            with MetricsLog(folder / METRICS) as log:
                log.append(iteration, "val")
                state = {"metrics_bytes": log.commit()}
            checkpoint.save(folder / CHECKPOINTS, iteration, found.tensors, state)
            for _ in range(repeats):
                task = _ours.task_of(workload, prepared)
                start = now(device)
                checkpoint.load(folder / CHECKPOINTS / f"iter_{iteration}", device)
                loading.append(now(device) - start)
                start = now(device)
                training = iterate(task, folder, _ours.plan(iteration + 9), quiet=True)
                assert next(training) == iteration + 1
                seconds[iteration].append(now(device) - start - loading[-1])
                training.close()
    return seconds, median(loading), device_name(device)


class _Renumber(Hook):
    """Writes checkpoints of another iteration."""

    iteration = 0

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        checkpoint["meta"]["iter"] = self.iteration


class _Resumed(Hook):
    """Times from the loaded checkpoint to the end of the first iteration."""

    def __init__(self, device: str) -> None:
        self.device, self.start, self.seconds = device, 0.0, 0.0

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        self.start = now(self.device)

    def after_train_iter(self, runner: Runner, *_: Any, **__: Any) -> None:
        if self.start:
            self.seconds = now(self.device) - self.start
        raise Finished


def theirs(workload: Workload, images: Images, setting: Setting, repeats: int) -> list[Seconds]:
    """The same of mmengine, with the order of its images kept, and with the data started anew."""
    seconds: list[Seconds] = [{iteration: [] for iteration in AT} for _ in range(2)]
    with TemporaryDirectory() as name:
        work, renumber = Path(name), _Renumber()
        hooks = _Resumed(workload.device), renumber
        first = make_runner(workload, images, setting, work, *hooks, until=10**6)
        run(first)
        for iteration in AT:
            renumber.iteration = iteration
            first.save_checkpoint(name, f"{iteration}.pth", by_epoch=False)
        for iteration, anew, _ in product(AT, (False, True), range(repeats)):
            changes = {
                "resume": True, "load_from": str(work / f"{iteration}.pth"),
                "train_cfg.fast_forward_on_resume": anew,
            }  # fmt: skip
            hook = _Resumed(workload.device)
            run(
                make_runner(
                    workload, images, setting, work, hook, until=iteration + 9, changes=changes
                )
            )
            seconds[anew][iteration].append(hook.seconds)
    return seconds


def main(words: Sequence[str] | None = None) -> None:
    arguments = Arguments("resume_cost", __doc__, ["pspnet_r50", "segformer_b0"])
    arguments.add_argument("--workers", type=int, default=4, help="of mmengine")
    given = arguments.read(words)
    repeats = 1 if given.quick else 3
    setting = Setting(given.workers, "bfloat16" if given.device == "cuda" else "float32")
    with TemporaryDirectory() as folder:
        images = Images.write(workload(given, "").dataset, Path(folder, "images"))
        for model in given.models:
            case = workload(given, model)
            found, loading, device = fresh(ours, case, repeats, device=given.device)
            exact, anew = fresh(theirs, case, images, setting, repeats, device=given.device)
            rows = [
                compare(
                    f"{model}, resumed at iteration {iteration:,}", PEER,
                    "s beyond loading the checkpoint",
                    median(found[iteration]), median(exact[iteration]), cost=True,
                    device=device, command=given.command, settings=str(setting),
                    ours_each=found[iteration], theirs_each=exact[iteration], ours_loading=loading,
                    theirs_starting_the_data_anew=anew[iteration],
                )
                for iteration in AT
            ]  # fmt: skip
            save(given.path, rows)


if __name__ == "__main__":
    main()
