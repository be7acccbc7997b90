import pandas as pd
import pytest

from trainstudy.analysis.marginal import FULL_PHASES, shares
from trainstudy.analysis.recommend import cost_benefit, recommended_budgets
from trainstudy.runs.curves import empty


@pytest.fixture
def planted(make):
    path = {100: 0.0, 200: 6.0, 300: 9.0, 400: 10.0}
    return make(
        {f"none/City{i}/pspnet_r50": {k: 30 + i + v for k, v in path.items()} for i in range(4)}
    )


def test_the_smallest_budget_that_reaches_a_share(planted):
    table = recommended_budgets(planted, (50, 60, 75, 99), (100, 200, 300, 400))
    assert table["budget"].tolist() == [200, 200, 300, 400]
    assert table["compute_percent"].tolist() == [50.0, 50.0, 75.0, 100.0]
    assert table["share"].tolist() == pytest.approx([60, 60, 90, 100])


def test_cost_and_benefit_of_planted_gains(planted):
    table = cost_benefit(planted, base=100, budgets=(200, 300, 400))
    assert table["compute_multiple"].tolist() == [2, 3, 4]
    assert table["gain"].tolist() == pytest.approx([6, 9, 10])
    assert table["step_gain_per_base"].tolist() == pytest.approx([6, 3, 1])
    assert table["gain_per_base"].tolist() == pytest.approx([6, 4.5, 10 / 3])


def test_an_unreachable_share_or_no_curve_has_no_budget(planted):
    assert recommended_budgets(planted, (101,), (100, 200))["budget"].isna().all()
    assert recommended_budgets(empty())["budget"].isna().all()
    assert cost_benefit(empty())["n"].tolist() == [0, 0, 0]


def test_an_uncertain_share_widens_the_recommendation(published):
    table = recommended_budgets(published, (75.0, 92.0), FULL_PHASES)
    assert (table["budget_at_best"] <= table["budget"]).all()
    assert (table["budget"] <= table["budget_at_worst"]).all()
    reached = shares(published, FULL_PHASES).set_index("end")["cumulative_share"]
    for row in table.itertuples():
        smaller = reached[reached.index < row.budget]
        assert reached[row.budget] >= row.target_share
        assert (smaller < row.target_share).all()


def test_order_of_rows_changes_nothing(planted):
    mixed = planted.sample(frac=1, random_state=1)
    budgets = (100, 200, 300, 400)
    pd.testing.assert_frame_equal(
        cost_benefit(mixed, 100, budgets[1:]), cost_benefit(planted, 100, budgets[1:])
    )


def test_where_nothing_is_gained_no_budget_brings_a_share():
    falling = pd.DataFrame(
        {
            "strategy": ["a"] * 3,
            "dataset": "d",
            "model": "m",
            "run": "r",
            "split": "test",
            "iteration": [10, 20, 30],
            "mIoU": [50.0, 49.0, 48.0],
            "pixel_acc": 90.0,
            "source": "f",
        }
    )
    assert recommended_budgets(falling, budgets=(10, 20, 30))["budget"].isna().all()
