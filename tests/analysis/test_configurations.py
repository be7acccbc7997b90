import numpy as np
import pandas as pd
import pytest

from trainstudy.analysis.configurations import (
    add_family,
    at,
    check_budgets,
    choose_split,
    levels,
    select,
    whole_curves,
)
from trainstudy.runs.curves import empty

A, B = "none/City/pspnet_r50", "none/Town/segformer_mit-b0"


def test_test_is_preferred_where_it_loses_nobody(make):
    val = make({A: {1: 40.0, 2: 41.0}}, split="val")
    assert choose_split(val) == "val"
    assert choose_split(pd.concat([val, make({A: {1: 50.0, 2: 51.0}})])) == "test"
    # one tested checkpoint gives no gain: the validated curve is kept
    assert choose_split(pd.concat([val, make({A: {2: 51.0}})])) == "val"
    assert choose_split(empty()) == "test"


def test_splits_are_never_mixed(make):
    both = pd.concat([make({A: {1: 40.0, 2: 41.0}}, split="val"), make({A: {1: 90.0, 2: 91.0}})])
    assert levels(both).to_numpy().tolist() == [[90.0, 91.0]]
    assert levels(both, "val").to_numpy().tolist() == [[40.0, 41.0]]


def test_runs_are_averaged_at_equal_iteration(make):
    runs = pd.concat([make({A: {1: 40.0, 2: 50.0}}), make({A: {1: 42.0}}, run="b")])
    assert levels(runs).to_numpy().tolist() == [[41.0, 50.0]]


def test_a_curve_is_of_the_same_runs_all_along(make):
    whole, low = {x: 50.0 + x for x in range(1, 5)}, {x: 10.0 + x for x in range(1, 5)}
    early = {1: 90.0, 2: 90.0}
    runs = [make({A: whole}), make({A: low}, run="b"), make({A: early, B: early}, run="c")]
    (one, curve, count), (other, short, alone) = whole_curves(pd.concat(runs))
    assert (one, other) == (tuple(A.split("/")), tuple(B.split("/")))
    assert (curve.to_dict(), count) == ({x: 30.0 + x for x in range(1, 5)}, 2)
    assert (short.to_dict(), alone) == ({1: 90.0, 2: 90.0}, 1)
    (_, curve, count), _ = whole_curves(pd.concat(runs), within=(1, 2))
    assert curve.to_dict() == pytest.approx({1: 152 / 3, 2: 154 / 3})
    assert count == 3


def test_an_iteration_that_was_not_evaluated_is_all_gaps(make):
    column = at(levels(make({A: {1: 40.0}, B: {1: 50.0}})), 7)
    assert len(column) == 2
    assert column.isna().all()


def test_selection_by_family_and_dataset(make):
    curves = make({A: {1: 40.0}, B: {1: 50.0}})
    assert select(curves, family="SegFormer")["dataset"].tolist() == ["Town"]
    assert select(curves, dataset="City", family=None)["model"].tolist() == ["pspnet_r50"]
    assert add_family(curves)["family"].tolist() == ["PSPNet", "SegFormer"]


@pytest.mark.parametrize("budgets", [[1], [2, 1], [1, 1], [0, 5]])
def test_budgets_must_increase(budgets):
    with pytest.raises(ValueError, match="increasing order"):
        check_budgets(budgets)


def test_empty_curves_have_no_levels():
    assert levels(empty()).empty
    assert np.isnan(levels(empty()).to_numpy()).sum() == 0
