import itertools
from collections.abc import Iterable

import numpy as np
import pandas as pd
import pytest

from trainstudy.runs.curves import COLUMNS
from trainstudy.runs.readers.copies import copies

FINE = (40.12345, 41.23456, 41.87654, 42.01234)
COARSE = tuple(round(score, 2) for score in FINE)


def rows(
    run: str,
    scores: Iterable[float],
    dataset: str = "bdd10k",
    accuracy: float = np.nan,
    step: int = 100,
) -> pd.DataFrame:
    made = [
        ("none", dataset, "m", run, "val", step * n, score, accuracy + n / 100, f"{run}:{n}")
        for n, score in enumerate(scores, start=1)
    ]
    return pd.DataFrame(made, columns=COLUMNS)


def found(*curves: pd.DataFrame) -> dict[str, str]:
    """The runs of which all rows were found in another run, and that run."""
    read = pd.concat(curves, ignore_index=True)
    pairs = set(zip(read["run"], copies(read), strict=True))
    assert len(pairs) == read["run"].nunique(), "a run is a copy as a whole or not at all"
    return {run: original for run, original in pairs if original}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (rows("b", FINE), rows("a", FINE)),
        (rows("b", FINE), rows("a", COARSE)),
        (rows("b", COARSE), rows("a", FINE)),
        (rows("b", FINE), rows("a", [score + 4e-5 for score in FINE])),
        (rows("b", FINE), rows("a", COARSE[:3])),
        (rows("b", FINE), rows("a", FINE, dataset="BDD10k_ad")),
        (rows("b", COARSE[:2], accuracy=90), rows("a", COARSE[:2], accuracy=90)),
        (rows("b", COARSE, accuracy=90), rows("a", COARSE)),
    ],
)
def test_the_longest_copy_counts_then_the_first(one: pd.DataFrame, other: pd.DataFrame) -> None:
    assert found(one, other) == {"a": "b"}
    longest = "b" if len(one) > len(other) else "a"
    assert found(other, one) == {"a" if longest == "b" else "b": longest}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (rows("b", COARSE), rows("a", [*COARSE[:3], 42.02])),
        (rows("b", COARSE), rows("a", COARSE, dataset="city")),
        (rows("b", COARSE), rows("a", COARSE, step=200)),
        (rows("b", COARSE), rows("a", COARSE).assign(split="test")),
        (rows("b", COARSE, accuracy=90), rows("a", COARSE, accuracy=90.1)),
        (rows("b", FINE[:1]), rows("a", FINE[:1])),
        (rows("b", COARSE[:2]), rows("a", COARSE[:2])),  # four digits may agree by chance
        (rows("b", [41, 42, 43, 44, 45, 46, 47]), rows("a", [41, 42, 43, 44, 45, 46, 47])),
        (rows("b", [2.05] * 9), rows("a", [2.05] * 9)),  # two trainings that failed alike
    ],
)
def test_what_may_be_another_training_stays(one: pd.DataFrame, other: pd.DataFrame) -> None:
    assert found(one, other) == {}


def test_a_copy_of_a_copy_names_the_one_that_counts() -> None:
    assert found(*(rows(run, FINE) for run in "abc")) == {"b": "a", "c": "a"}


@pytest.mark.parametrize("decimals", [1, 2, 4])
def test_close_replicates_are_never_copies(decimals: int) -> None:
    rng = np.random.default_rng(0)
    level = 40 + 2 * np.linspace(0, 1, 6)
    seeds = [(level + 0.1 * rng.standard_normal(6)).round(decimals) for _ in range(40)]
    assert decimals > 1 or any((a == b).sum() > 2 for a, b in itertools.combinations(seeds, 2))
    assert found(*(rows(f"seed_{n}", scores) for n, scores in enumerate(seeds))) == {}
