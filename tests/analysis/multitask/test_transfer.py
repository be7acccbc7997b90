import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from trainstudy.analysis.multitask.transfer import MEASURES, by_task, r_matrix, summary

ORDER = "seg,det,cls"
PERCENT = st.floats(0, 100)
MATRIX = st.lists(st.tuples(PERCENT, PERCENT, PERCENT), min_size=3, max_size=3)


def test_the_measures_of_a_chain_by_hand(make, ends):
    scores = make({ORDER: [ends([40, 5, 10], [30, 20, 20], [34, 8, 80])]})
    table = by_task(scores).set_index("task")
    expected = {  # own, final, backward, forgetting
        "seg": [40, 34, -6, 6],
        "det": [20, 8, -12, 12],
        "cls": [80, 80, np.nan, np.nan],
    }
    for task, values in expected.items():
        assert table.loc[task, MEASURES[:4]].tolist() == pytest.approx(values, nan_ok=True)
    means = summary(by_task(scores)).set_index("measure")["value"]
    assert means[MEASURES].tolist() == pytest.approx([140 / 3, 122 / 3, -9, 9, 30])


def test_forgetting_counts_from_the_best_and_backward_transfer_from_the_own_stage(make, ends):
    table = by_task(make({ORDER: [ends([40, 0, 0], [50, 20, 0], [45, 20, 80])]}))
    seg = table.set_index("task").loc["seg"]
    assert (seg["backward"], seg["forgetting"]) == (5, 5)


@settings(max_examples=10)
@given(matrix=MATRIX)
def test_what_stays_is_not_forgotten(make, ends, matrix):
    kept = [[*matrix[0]], [matrix[0][0], *matrix[1][1:]]]
    kept.append([*kept[1][:2], matrix[2][2]])
    table = by_task(make({ORDER: [ends(*kept)]})).set_index("task")
    assert (table.loc[["seg", "det"], "backward"] == 0).all()
    earlier = max(0.0, matrix[0][1] - matrix[1][1])  # best before det was ever learned
    assert table["forgetting"].dropna().tolist() == pytest.approx([0.0, earlier])


@settings(max_examples=10)
@given(matrices=st.lists(MATRIX, min_size=2, max_size=4), order=st.randoms(use_true_random=False))
def test_the_order_of_seeds_and_rows_changes_nothing(make, ends, matrices, order):
    cells = [ends(*matrix) for matrix in matrices]
    before = make({ORDER: cells})
    order.shuffle(cells)
    after = make({ORDER: cells}).sample(frac=1, random_state=order.randrange(99))
    found = [summary(by_task(scores)).drop(columns="cell") for scores in (before, after)]
    pd.testing.assert_frame_equal(*found)
    matrix = [r_matrix(scores, ORDER) for scores in (before, after)]
    pd.testing.assert_frame_equal(*matrix)
    assert (summary(by_task(before)).query("measure == 'forgetting'")["value"]
            >= -summary(by_task(before)).query("measure == 'backward'")["value"].item() - 1e-9
            ).all()  # fmt: skip


def test_the_matrix_has_intervals_over_seeds_and_marks_what_was_trained(make, ends):
    levels = [40.0, 44.0, 45.0]
    scores = make({ORDER: [ends([level, 1, 2], [9, 9, 9], [8, 8, 8]) for level in levels]})
    matrix = r_matrix(scores, ORDER)
    assert matrix["task"].tolist() == ["seg", "det", "cls"] * 3
    assert matrix["own"].tolist() == np.eye(3, dtype=bool).ravel().tolist()
    first = matrix.iloc[0]
    low, high = stats.t.interval(0.95, 2, loc=43, scale=stats.sem(levels))
    assert first[["value", "low", "high", "n"]].tolist() == pytest.approx([43, low, high, 3])


def test_seeds_on_their_way_do_not_pass_for_finished_ones(make, ends):
    whole = ends([40, 0, 0], [20, 20, 0], [10, 10, 80])
    table = by_task(make({ORDER: [whole, whole[:2]]}))
    assert set(table["seed"]) == {0}
    assert r_matrix(make({ORDER: [whole, whole[:2]]}), ORDER)["n"].tolist() == [2] * 6 + [1] * 3


def test_a_joint_chain_has_no_past_and_a_single_one_no_other_task(make, ends):
    table = by_task(make({"joint": [ends([40, 20, 80])], "single:det": [ends([1, 25, 9])]}))
    joint = table[table["cell"] == "joint"]
    assert joint["task"].tolist() == ["seg", "det", "cls"]
    assert table[["backward", "forgetting"]].isna().all(axis=None)
    assert table.loc[table["cell"] == "single:det", ["task", "final"]].values.tolist() == [
        ["det", 25]
    ]
    assert by_task(make({})).empty
