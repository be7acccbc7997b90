"""Iterations/s at equal batch, crop and augmentation, ours against mmengine's Runner.

CamVid, batch 8, crops of 320x480. ``plain`` is random resizing, cropping and flipping,
``photometric`` adds photometric distortion. Each measurement is a process of its own, in turns
(ours, theirs, ours, theirs); the median counts. mmengine's precision and then its number of workers
are chosen before, by short windows. What does not fit into the budget is said and left out. A large
model can be compiled by one call, with ``--kept FOLDER --budget 0``, and measured by the next.
"""

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import _mmengine, _ours
from benchmarks._common import Arguments, Speed, Window, Workload, fresh, fresh_all, workload
from benchmarks._kernels import IDLE
from benchmarks._mmengine import PEER, Images, Setting
from benchmarks._results import Row, compare, save

MODELS = ("pspnet_r50", "segformer_b0", "segformer_b5", "pspnet_r18")
AUGMENTATIONS = ("plain", "photometric")
SECONDS = "seconds.json"  # of compiling, by model
INTERVAL = 1000  # iterations between validations in the rows that include them
PRODUCT = "product of two 8192x8192 bfloat16 matrices"
Make = Callable[..., Row]


@dataclass
class Case:
    """One model and augmentation, and what has been measured of it."""

    name: str
    workload: Workload
    rates: dict[Setting, float] = field(default_factory=dict)
    ours: list[Speed] = field(default_factory=list)
    theirs: list[Speed] = field(default_factory=list)

    @property
    def best(self) -> Setting:
        return max(self.rates, key=self.rates.__getitem__)

    def measure(self, images: Images, screen: Callable[..., object], window: Window) -> None:
        """One round; before the first, mmengine's best setting is looked for."""
        alone = partial(fresh, device=self.workload.device)
        if not self.rates:
            self.rates = alone(screen, self.workload, images)
        self.ours.append(alone(_ours.speed, self.workload, window, True))
        self.theirs.append(alone(_mmengine.speed, self.workload, images, self.best, window, True))

    def rows(self, row: Make, compiling: float | None) -> list[Row]:
        """The steady state, the same with validations and checkpoints, and the memory of a GPU.

        The peer's rate is the median of its runs or, where that is higher, that of the search for
        its best setting, which may have met the host in a better moment.
        """
        sides = self.ours, self.theirs
        each = [[speed.rate for speed in side] for side in sides]
        rates = median(each[0]), max(median(each[1]), self.rates[self.best])
        boundary = [median(speed.boundary for speed in side) for side in sides]
        held = [max(speed.memory for speed in side) / 1e9 for side in sides]
        both = [
            INTERVAL / (INTERVAL / rate + seconds)
            for rate, seconds in zip(rates, boundary, strict=True)
        ]
        found = [
            row(
                self.name, PEER, "it/s", *rates,
                settings={**asdict(self.workload), "theirs": str(self.best)},
                ours_each=each[0], theirs_each=each[1],
                theirs_screened={str(setting): rate for setting, rate in self.rates.items()},
                compile_seconds=compiling,
            ),
            row(
                f"{self.name}, validation and checkpoint each {INTERVAL:,}", PEER, "it/s", *both,
                how="from the rate and the seconds of one validation and checkpoint",
                ours_seconds=boundary[0], theirs_seconds=boundary[1],
            ),
        ]  # fmt: skip
        unit, name = "GB held by torch's allocator", f"{self.name}, peak memory"
        return [*found, row(name, PEER, unit, *held, cost=True)] if all(held) else found

    def profile(self, row: Make, matrix: float) -> list[Row]:
        """Operations/s against the card's own rate, and the milliseconds of a step by kind of
        kernel: in both the ratio is a share."""
        done = _ours.operations(self.workload) * median(speed.rate for speed in self.ours)
        kinds = self.ours[-1].kernels or {}
        whole = sum(kinds.values())
        return [
            row(f"{self.name}, operations", PRODUCT, "TFLOP/s", done / 1e12, matrix / 1e12),
            *(
                row(f"{self.name}, {kind}", "the whole step", "ms a step", spent, whole)
                for kind, spent in kinds.items()
                if spent or kind == IDLE
            ),
        ]


def compiled(cases: Mapping[str, Workload], folder: Path, device: str) -> dict[str, float]:
    """Seconds that each model took to compile from nothing, all side by side.

    The timed processes find it done in ``folder``, and so does a later call with the same one.
    """
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(folder)
    known: dict[str, float] = {}
    if (folder / SECONDS).exists():
        known = json.loads((folder / SECONDS).read_text())
    calls = [(case, Window(5, 1)) for model, case in cases.items() if model not in known]
    if calls:
        cold = fresh_all(_ours.speed, calls, len(calls), device)
        known |= {case.model: found.warm_up for (case, _), found in zip(calls, cold, strict=True)}
        folder.mkdir(parents=True, exist_ok=True)
        (folder / SECONDS).write_text(json.dumps(known))
    return known


def main(words: Sequence[str] | None = None) -> None:
    arguments = Arguments("training_speed", __doc__, MODELS)
    arguments.add_argument(
        "--augmentations", nargs="+", choices=AUGMENTATIONS, default=AUGMENTATIONS
    )
    workers = [0, 2, 4, 8, 16]
    arguments.add_argument("--workers", nargs="+", type=int, default=workers, help="of mmengine")
    arguments.add_argument("--budget", type=float, default=480, help="seconds for all")
    arguments.add_argument("--peer-compiles", action="store_true", help="try compile=True too")
    arguments.add_argument("--kept", type=Path, help="folder for what is compiled, else forgotten")
    given = arguments.read(words)
    end = time.monotonic() + given.budget
    gpu = given.device == "cuda"
    window, short = (Window(1, 2), Window(1, 1)) if given.quick else (Window(), Window(10, 60, 3))
    screen = partial(
        _mmengine.screen,
        precisions=["float32", *(["bfloat16", "float16"] if gpu else [])],
        workers=[0] if given.quick else given.workers,
        compiled=given.peer_compiles,
        window=short,
    )
    cases = [
        Case(f"{model}, {name}", workload(given, model, photometric=name == "photometric"))
        for name in given.augmentations
        for model in given.models
    ]
    with TemporaryDirectory() as folder:
        images = Images.write(cases[0].workload.dataset, Path(folder, "images"))
        compiling: dict[str, float] = {}
        if gpu:
            models = {model: workload(given, model) for model in given.models}
            compiling = compiled(models, given.kept or Path(folder, "compiled"), given.device)
            matrix = fresh(_ours.matrix_rate)
        for _ in range(1 if given.quick else 2):
            longest = 0.0
            for case in cases:
                start = time.monotonic()
                if start + longest > end:
                    print(f"left out: {case.name}, measured {len(case.ours)} times")
                    continue
                case.measure(images, screen, window)
                longest = max(longest, time.monotonic() - start)
                row = partial(compare, device=case.ours[0].device, command=given.command)
                save(given.path, case.rows(row, compiling.get(case.workload.model)))
                if gpu:
                    save(given.path.with_stem("profile"), case.profile(row, matrix))


if __name__ == "__main__":
    main()
