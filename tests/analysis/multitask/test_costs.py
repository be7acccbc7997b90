import pandas as pd
import pytest

from trainstudy.analysis.multitask.costs import BY_CELL, by_cell, in_multiples

NAMES = ["cell", "seed", "iterations", "images", "seconds", "joules", "beside", "device"]
NONE = float("nan")


def costs(*rows):
    return pd.DataFrame(rows, columns=NAMES)


def test_seconds_are_of_chains_that_were_alone():
    found = by_cell(costs(
        ("joint", 0, 10, 480, 5.0, 50.0, 1, "gpu"), ("joint", 1, 10, 480, 15.0, 150.0, 4, "gpu"),
        ("joint", 2, 10, 480, 7.0, NONE, 1, "gpu"), ("joint", 0, 10, 480, 90.0, NONE, 1, "cpu"),
        ("seg,det", 0, 30, 480, 40.0, 400.0, 4, "gpu"),
    ))  # fmt: skip
    assert found.columns.tolist() == BY_CELL
    rows = found.set_index(["cell", "device"])
    assert rows.loc[("joint", "gpu"), ["chains", "alone", "seconds", "joules"]].tolist() == [
        3, 2, 6, 50,
    ]  # fmt: skip
    assert rows.loc[("joint", "cpu"), "seconds"] == 90
    assert rows.loc[("seg,det", "gpu"), "alone"] == 0
    assert rows.loc[("seg,det", "gpu"), ["seconds", "joules"]].isna().all()


def test_multiples_are_of_one_cell():
    found = by_cell(costs(("joint", 0, 10, 480, 5.0, NONE, 1, "gpu"),
                          ("single:seg", 0, 10, 160, 5.0, NONE, 1, "gpu")))  # fmt: skip
    assert in_multiples(found, "joint", "images").tolist() == pytest.approx([1, 1 / 3])
    assert in_multiples(found, "other", "images").isna().all()
    assert in_multiples(by_cell(costs()), "joint", "images").empty
