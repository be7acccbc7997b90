"""The peer: mmengine's Runner on mmsegmentation's own configuration and pipeline."""

import gc
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner
from PIL import Image
from torch.utils.data import DataLoader

from benchmarks._common import Clock, Speed, Window, Workload, now
from trainstudy import data
from trainstudy.segmentation.models import configure, load_openmm, resolve_name, zoo

PEER = "mmsegmentation with mmengine's Runner"
_numbers = count()  # mmengine keeps what it logs by the name of the experiment


@dataclass(frozen=True)
class Setting:
    """How the Runner is asked to train."""

    workers: int = 4
    precision: str = "float32"
    compiled: bool = False

    def __str__(self) -> str:
        return f"{self.workers} workers, {self.precision}{', compiled' * self.compiled}"


@dataclass(frozen=True)
class Images:
    """A data set as files: ``folder/{train,val}/{images,labels}/*.png``."""

    folder: Path
    classes: tuple[str, ...]

    @classmethod
    def write(cls, dataset: str, folder: Path) -> "Images":
        sets = data.load(dataset)
        for split, part in (("train", sets.train), ("val", sets.val)):
            for kind, arrays in (("images", part.images), ("labels", part.labels)):
                target = folder / split / kind
                target.mkdir(parents=True)
                for number, pixels in enumerate(arrays):
                    Image.fromarray(pixels).save(target / f"{number:05d}.png")
        return cls(folder, sets.train.classes)


class Finished(Exception):  # noqa: N818  (no error: a Runner has no other way to be left)
    """All that was wanted of a Runner has been done."""


class _Timer(Hook):
    """Ends a training when its window is full."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def after_train_iter(self, runner: Runner, *_: Any, **__: Any) -> None:
        if self.clock.tick():
            raise Finished


def make_runner(
    workload: Workload,
    images: Images,
    setting: Setting,
    work: Path,
    *hooks: Hook,
    until: int,
    changes: dict[str, Any] | None = None,
) -> Runner:
    """A Runner that would train to ``until``; ``changes`` to its configuration come last."""
    load_openmm()
    config = Config.fromfile(zoo()[resolve_name(workload.model)])
    config.model = configure(workload.model, len(images.classes)).model
    config.model.data_preprocessor.size = workload.crop
    workers = {"num_workers": setting.workers, "persistent_workers": setting.workers > 0}
    config.train_dataloader = {
        "batch_size": workload.batch_size,
        "sampler": {"type": "InfiniteSampler", "shuffle": True},
        "dataset": _dataset(images, "train", _augmentation(workload, images)),
        **workers,
    }
    config.val_dataloader = {
        "batch_size": 1,
        "sampler": {"type": "DefaultSampler", "shuffle": False},
        "dataset": _dataset(images, "val", []),
        **workers,
    }
    for part in ("dataloader", "cfg", "evaluator"):
        config[f"test_{part}"] = None
    config.train_cfg = {"type": "IterBasedTrainLoop", "max_iters": until, "val_interval": until}
    config.default_hooks.checkpoint.interval = until
    mixed = setting.precision != "float32"
    config.optim_wrapper.update(
        {"type": "AmpOptimWrapper", "dtype": setting.precision} if mixed else {}
    )
    config.compile = setting.compiled
    config.work_dir, config.experiment_name = str(work), f"{work.name}-{next(_numbers)}"
    config.visualizer.name = config.experiment_name
    config.log_level = "ERROR"
    config.merge_from_dict(changes or {})
    with _quiet():
        runner = Runner.from_cfg(config)
    if workload.device == "cpu":
        torch.set_num_threads(workload.threads)
    for hook in hooks:
        runner.register_hook(hook)
    return runner


def run(runner: Runner) -> None:
    """Train until the end, or until a hook has had what it wanted."""
    with suppress(Finished), _quiet():
        runner.train()
    _end_workers(runner.train_dataloader)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the warnings of mmengine and mmsegmentation, which nobody here could act on."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def speed(
    workload: Workload, images: Images, setting: Setting, window: Window, boundary: bool = False
) -> Speed:
    """Time a window of a training; then, if asked, a validation and a checkpoint."""
    with TemporaryDirectory() as work:
        clock = Clock(window, workload)
        runner = make_runner(workload, images, setting, Path(work), _Timer(clock), until=10**6)
        run(runner)
        found = clock.speed()
        if boundary:
            found = replace(found, boundary=_boundary(runner, Path(work), workload.device))
    return found


def _boundary(runner: Runner, work: Path, device: str) -> float:
    """Seconds of the second validation and checkpoint: the first starts workers."""
    start = 0.0
    for _ in range(2):
        start = now(device)
        with _quiet():
            runner.val_loop.run()
        runner.save_checkpoint(str(work), "last.pth", by_epoch=False)
    seconds = now(device) - start
    _end_workers(runner.val_dataloader)
    return seconds


def _end_workers(loader: DataLoader[Any]) -> None:
    """Left to the garbage collector, torch waits five seconds for each of them."""
    if loader.num_workers and loader._iterator is not None:
        loader._iterator._shutdown_workers()  # type: ignore[attr-defined]


def screen(
    workload: Workload,
    images: Images,
    precisions: Sequence[str],
    workers: Sequence[int],
    compiled: bool,
    window: Window,
) -> dict[Setting, float]:
    """The rates of settings, in one process: precisions first, then workers at the fastest."""
    rates: dict[Setting, float] = {}

    def measure(*settings: Setting) -> Setting:
        for setting in settings:
            if setting not in rates:
                rates[setting] = speed(workload, images, setting, window).rate
                gc.collect()  # its memory on the device
        return max(rates, key=rates.__getitem__)

    middle = sorted(workers)[len(workers) // 2]
    best = measure(*(Setting(middle, precision) for precision in precisions))
    best = measure(*(replace(best, workers=number) for number in workers))
    if compiled:
        measure(replace(best, compiled=True))
    return rates


def _dataset(images: Images, split: str, augmentation: list[dict[str, Any]]) -> dict[str, Any]:
    folder = images.folder / split
    load = [{"type": "LoadImageFromFile"}, {"type": "LoadAnnotations"}]
    return {
        "type": "BaseSegDataset",
        "data_prefix": {
            "img_path": str(folder / "images"), "seg_map_path": str(folder / "labels"),
        },
        "img_suffix": ".png",
        "metainfo": {"classes": images.classes},
        "pipeline": [*load, *augmentation, {"type": "PackSegInputs"}],
    }  # fmt: skip


def _augmentation(workload: Workload, images: Images) -> list[dict[str, Any]]:
    with Image.open(next((images.folder / "train" / "images").iterdir())) as first:
        size = first.size  # width, height
    return [
        {"type": "RandomResize", "scale": size, "ratio_range": (0.5, 2.0), "keep_ratio": True},
        {"type": "RandomCrop", "crop_size": workload.crop, "cat_max_ratio": 1.0},
        {"type": "RandomFlip", "prob": 0.5},
        *([{"type": "PhotoMetricDistortion"}] if workload.photometric else []),
    ]
