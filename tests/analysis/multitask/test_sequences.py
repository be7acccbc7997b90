import numpy as np
import pytest

from trainstudy.analysis.multitask.sequences import DELTA_M, compare, within
from trainstudy.analysis.multitask.transfer import by_task

ORDER = "seg,det,cls"
CHAIN = [[40, 0, 0], [38, 20, 0], [30, 18, 80]]


@pytest.fixture
def chain(ends):
    return ends(*CHAIN)


def test_every_measure_has_its_interval(make, ends, chain):
    single = {f"single:{task}": [ends([40, 20, 80])] * 2 for task in ("seg", "det", "cls")}
    table = by_task(make({ORDER: [chain] * 2, "joint": [ends([1, 1, 1])] * 2, **single}))
    found = compare(table, [ORDER])
    assert set(found["cell"]) == {ORDER}
    values = found.set_index("measure")["value"]
    assert values[["seg", "det", "cls"]].tolist() == [30, 18, 80]
    assert values["backward"] == pytest.approx(-6)
    assert values["forgetting"] == pytest.approx(6)
    assert values[DELTA_M] == pytest.approx((-25 - 10 + 0) / 3)
    assert (found.set_index("measure")["n"] == 2)[["seg", "own", DELTA_M]].all()


def test_without_single_tasks_there_is_no_delta_m(make, chain):
    found = compare(by_task(make({ORDER: [chain]})), [ORDER])
    assert DELTA_M not in set(found["measure"])
    assert np.isnan(found.set_index("measure").loc["seg", "low"])  # one seed
    assert compare(by_task(make({ORDER: [chain]})), []).empty


def test_all_tasks_have_to_keep_within_and_the_worst_one_is_named(make, chain, ends):
    # segmentation loses a quarter, 10 points; detection a tenth, 2 points
    kept = ends([40, 0, 0], [40, 20, 0], [39, 20, 80])
    found = within(by_task(make({ORDER: [chain] * 2, f"{ORDER} lwf": [kept] * 2})), 5.0)
    rows = found.set_index(["cell", "reading"])
    assert rows.loc[(ORDER, "relative"), ["task", "value", "status"]].tolist() == [
        "seg", -25, "missed",
    ]  # fmt: skip
    assert rows.loc[(ORDER, "absolute"), "value"] == -10
    assert rows.loc[f"{ORDER} lwf", "status"].tolist() == ["met", "met"]
    assert rows.loc[(ORDER, "relative"), "decides"] == "seg"
    assert within(by_task(make({ORDER: [chain]})), 5.0)["status"].tolist() == ["open", "open"]
    assert within(by_task(make({})), 5.0).empty


def test_what_scatters_decides_where_what_lost_most_is_sure(make, ends):
    # segmentation loses 2.5 % for both seeds, detection nothing in the mean and 20 % once
    chains = [ends([40, 0, 0], [40, 20, 0], [39, det, 80]) for det in (16, 24)]
    found = within(by_task(make({ORDER: chains})), 5.0).iloc[0]
    assert (found["task"], found["status"], found["decides"]) == ("seg", "open", "det")
