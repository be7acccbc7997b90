"""Studies of made-up runs of many shapes, read from CSV files as a user's own are."""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from trainstudy.book.study import ExtendedTraining, Study, open_study

GRID = tuple(
    f"{strategy}/{dataset}/{model}"
    for strategy in ("none", "std_randaugment")
    for dataset in ("CityA", "CityB")
    for model in ("pspnet_r50", "segformer_b0")
)
REPORTED = (
    "gen_TSIT/bdd10k/segformer_mit-b5",
    "gen_cycleGAN/bdd10k/pspnet_r50",
    "gen_cycleGAN/bdd10k/segformer_mit-b5",
    "gen_automold/bdd10k/segformer_mit-b5",
)
ODD = ("a<b>&'\"/City $x$ <script>/mine_$\\alpha", "none/City, $x$/other;{model}")


def runs(
    configurations: Iterable[str],
    iterations: Iterable[int],
    gain: float = 3.0,
    replicates: str = "a",
    split: str = "test",
) -> pd.DataFrame:
    """Curves that rise by ``gain`` and zigzag: strategy, dataset, model, run, split, and so on."""
    iterations = list(iterations)
    rows = []
    for place, name in enumerate(configurations):
        for shift, run in enumerate(replicates):
            for step, iteration in enumerate(iterations):
                level = 40 + place + shift / 10 + gain * (iteration / iterations[-1]) ** 0.5
                noise = 0.01 * ((7 * step + 3 * place + 5 * shift) % 11 - 5) * bool(gain)
                score = round(level + noise, 3)
                rows.append((*name.split("/"), iteration, score, run, split))
    names = ["strategy", "dataset", "model", "iteration", "mIoU", "run", "split"]
    return pd.DataFrame(rows, columns=names)


LATE = range(80_000, 330_000, 10_000)
CASES: dict[str, pd.DataFrame] = {
    "many": runs(GRID, range(100, 1300, 100)),
    "one configuration": runs(GRID[:1], range(100, 1300, 100)),
    "two checkpoints": runs(GRID, [10, 20]),
    "two neighbours": runs(GRID[:1], [1, 2]),
    "three checkpoints": runs(GRID, [10, 20, 30]),
    "replicates": runs(GRID[:4], range(1000, 9000, 1000), replicates="abc"),
    "validation": runs(GRID, range(1000, 9000, 1000), split="val"),
    "both splits": pd.concat([
        runs(GRID, range(1000, 9000, 1000), split="val"), runs(GRID, [2000, 8000])
    ]),
    "odd names": runs(ODD, range(1000, 9000, 1000)),
    "more models than colours": runs([f"n/C/m{i}" for i in range(9)], range(1, 9)),
    "the report's budgets": runs(GRID, LATE),
    "no resume": runs(GRID, LATE[1:]),
    "the report's configurations": runs(REPORTED, LATE),
    "two of the report's": runs(REPORTED[:2], LATE),
    "its ends only": runs(REPORTED, [160_000, 320_000]),
    "its base only": runs(REPORTED, range(10_000, 90_000, 10_000)),
    "nothing shared": pd.concat([
        runs(GRID[:1], range(10, 100, 10)), runs(GRID[1:2], range(11, 200, 20))
    ]),
    "falling": runs(GRID, range(1000, 9000, 1000), gain=-3.0),
    "flat": runs(GRID, range(1000, 9000, 1000), gain=0.0),
    "two names of one": runs(["n/bdd10k/m", "n/BDD10k_ad/m", "n/iddaw/m"], range(1, 9)),
}  # fmt: skip


@pytest.fixture(scope="session")
def study_of(tmp_path_factory) -> Callable[[str], Study]:
    """The study of a case, opened once a session; ``published`` is the report's own."""
    folder: Path = tmp_path_factory.mktemp("runs")

    @cache
    def opened(name: str) -> Study:
        if name == "published":
            return open_study(ExtendedTraining())
        path = folder / f"{name}.csv"
        CASES[name].to_csv(path, index=False)
        return open_study(ExtendedTraining.checked(runs=str(path)))

    return opened


@pytest.fixture(params=[*CASES, "published"])
def study(request, study_of) -> Study:
    """Every case in turn."""
    return study_of(request.param)
