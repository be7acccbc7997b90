import pandas as pd
import pytest

from trainstudy.analysis.multitask.transfer import by_task
from trainstudy.analysis.multitask.tuning import choices, slack

SINGLE = {
    "single:seg": [40.0, 1, 1], "single:det": [1, 20.0, 1], "single:cls": [1, 1, 80.0],
}  # fmt: skip
SEQUENCE = "seg,det,cls"


@pytest.fixture
def tuned(make, ends):
    """The table of a tuning: cells by name, the scores at the ends of their three stages."""

    def build(**cells):
        scores = [make({name: [ends(last)] * 2}, split="val") for name, last in SINGLE.items()]
        for name, stages in cells.items():
            found = make({SEQUENCE: [ends(*stages)] * 2}, split="val")
            scores.append(found.assign(cell=name.replace("_", " ")))
        return by_task(pd.concat(scores, ignore_index=True), "val")

    return build


def test_the_option_nearest_to_single_tasks_is_chosen_in_every_group(tuned):
    found = choices(
        tuned(
            ewc_1=[[40, 0, 0], [30, 20, 0], [20, 10, 80]],
            ewc_10=[[40, 0, 0], [30, 20, 0], [30, 15, 80]],
            lwf_1=[[40, 0, 0], [30, 20, 0], [36, 18, 40]],
            lwf_3=[[40, 0, 0], [30, 20, 0], [36, 18, 40]],
        )
    ).set_index("cell")
    assert found.index[found["chosen"]].tolist() == ["ewc 10", "lwf 1"]
    # (30 / 40 + 15 / 20 + 80 / 80) / 3 less 1
    assert found.loc["ewc 10", "value"] == pytest.approx(-100 / 6)
    assert found.loc["ewc 10", ["group", "option", "n"]].tolist() == ["ewc", "10", 2]


def test_options_that_were_added_later_stand_with_their_group(tuned):
    stages = [[40, 0, 0], [30, 20, 0], [30, 15, 80]]
    found = choices(tuned(ewc_1=stages, lwf_1=stages, ewc_10=stages))
    assert found["cell"].tolist() == ["ewc 1", "ewc 10", "lwf 1"]
    assert found["chosen"].tolist() == [True, False, True]


def test_an_option_with_fewer_seeds_than_others_is_not_chosen(tuned):
    table = tuned(
        lwf_1=[[40, 0, 0], [30, 20, 0], [30, 15, 80]],
        lwf_3=[[40, 0, 0], [40, 20, 0], [40, 20, 80]],
    )
    assert choices(table)["chosen"].tolist() == [False, True]
    once = table[(table["cell"] != "lwf 3") | (table["seed"] == 0)]
    assert choices(once)[["n", "chosen"]].to_numpy().tolist() == [[2, True], [1, False]]


def test_the_course_is_judged_by_the_requirement_that_is_met_least(tuned):
    table = tuned(
        course_a=[[50, 0, 0], [45, 30, 0], [44, 30, 90]],  # loses 12 % and 6 points of its base
        course_b=[[41, 0, 0], [40, 18, 0], [40, 17.9, 85]],
    )
    spare = slack(table)
    assert spare["course a"] == pytest.approx((-12 + 5) / 5)
    assert spare["course b"] == pytest.approx(0.0)
    assert choices(table).set_index("cell")["chosen"].to_dict() == {
        "course a": False, "course b": True,
    }  # fmt: skip


def test_where_images_are_easy_the_course_asks_for_a_share_of_what_a_task_reaches_alone(tuned):
    table = tuned(course_a=[[50, 0, 0], [50, 16, 0], [50, 16, 95]])
    assert slack(table)["course a"] == pytest.approx((16 - 0.85 * 20) / (0.85 * 20))
    others = table[table["cell"] != "single:det"]
    assert slack(others)["course a"] == pytest.approx((16 - 15) / 15)
