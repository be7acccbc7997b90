import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.analysis.pairs import gains
from trainstudy.runs.curves import empty

NAMES = ("none/City/pspnet_r50", "none/Town/pspnet_r50", "gen_x/City/segformer_mit-b0")
VALUES = st.lists(st.floats(10, 60), min_size=6, max_size=6)


def curves_of(make, values):
    return make({n: {80: values[2 * i], 90: values[2 * i + 1]} for i, n in enumerate(NAMES)})


@settings(max_examples=25)
@given(values=VALUES, constant=st.floats(-5, 5))
def test_a_constant_added_to_a_configuration_changes_no_gain(make, values, constant):
    curves = curves_of(make, values)
    moved = curves.assign(mIoU=curves["mIoU"] + constant * (curves["dataset"] == "City"))
    before, after = gains(curves, 80, 90).table, gains(moved, 80, 90).table
    assert after["gain"].tolist() == pytest.approx(before["gain"].tolist(), abs=1e-9)


@settings(max_examples=25)
@given(values=VALUES, seed=st.integers(0, 99))
def test_order_and_copies_of_rows_change_nothing(make, values, seed):
    curves = curves_of(make, values)
    shuffled = curves.sample(frac=1, random_state=seed)
    copied = pd.concat([shuffled, shuffled.assign(run="copy")])
    expected = gains(curves, 80, 90).table
    pd.testing.assert_frame_equal(gains(shuffled, 80, 90).table, expected)
    pd.testing.assert_frame_equal(
        gains(copied, 80, 90).table.drop(columns="runs"), expected.drop(columns="runs")
    )


def test_only_what_both_ends_cover_counts_and_the_rest_is_named(make):
    found = gains(make({NAMES[0]: {80: 40.0, 90: 41.5}, NAMES[1]: {90: 70.0}}), 80, 90)
    assert found.table["gain"].tolist() == [1.5]
    assert found.left_out["dataset"].tolist() == ["Town"]
    assert found.left_out["reason"].tolist() == ["no result at 80 iterations"]


def test_a_replicate_that_covers_one_end_shifts_nothing(make):
    lonely = make({NAMES[0]: {90: 99.0}}, run="b")
    found = gains(pd.concat([make({NAMES[0]: {80: 40.0, 90: 41.0}}), lonely]), 80, 90)
    assert found.table[["runs", "gain"]].to_numpy().tolist() == [[1.0, 1.0]]


def test_ends_of_different_runs_are_no_pair(make):
    split = pd.concat([make({NAMES[0]: {80: 40.0}}), make({NAMES[0]: {90: 41.0}}, run="b")])
    found = gains(split, 80, 90)
    assert found.table.empty
    assert found.left_out["reason"].tolist() == ["no single run was evaluated at both ends"]


def test_empty_curves_give_an_empty_table_with_its_columns():
    found = gains(empty(), 80, 90)
    assert found.table.empty
    assert {"strategy", "dataset", "model", "gain"} <= set(found.table.columns)
    assert found.left_out.empty


def test_published_gains_by_plain_arithmetic(published, plain):
    table = gains(published, 80_000, 90_000).table
    both = {k: v[90_000] - v[80_000] for k, v in plain.items() if {80_000, 90_000} <= set(v)}
    found = {tuple(row[:3]): row[-1] for row in table.itertuples(index=False)}
    assert found == pytest.approx(both)
    assert len(both) == 15
