import numpy as np
import pytest

from trainstudy.analysis.multitask.rules import cells
from trainstudy.analysis.multitask.trials import Trials
from trainstudy.reports import Claim

ORDER, REMEDY, LATER = "seg,det,cls", "seg,det,cls ewc", "det,seg,cls"


def claim(reported=None):
    return Claim(id="c", section="1", place="p", text="t", rule="r", reported=reported)


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ([36, 18, 72], "confirmed"),
        ([44, 22, 88], "contradicted"),
        ([40.01, 20, 80], "below the noise floor"),
    ],
)
def test_better_by_the_mean_of_relative_differences(trials, other, status):
    made = trials({"joint": [[40, 20, 80]], "joint x": [other]})
    found = cells.better(claim(), made, cell="joint", than="joint x")
    expected = 100 * np.mean(np.divide([40, 20, 80], other) - 1)
    assert (found.status, found.n) == (status, 4)
    assert found.recomputed == pytest.approx(expected, abs=0.05)
    assert f"mIoU {40 - other[0]:+z.1f}" in found.evidence
    assert "over 4 seeds" in found.evidence


def test_one_of_many_changes_counts_less_than_the_only_one(trials):
    few = {"joint": [[40, 20, 80]], "joint gain": [[40.3, 20.15, 80.6]]}
    many = few | {f"joint {name}": [[40, 20, 80]] for name in "abcdefghijklmnopqrst"}
    alone, among = (
        cells.better(claim(), trials(found), cell="joint gain", than="joint")
        for found in (few, many)
    )
    assert (alone.status, among.status) == ("confirmed", "not identifiable")
    assert " p = " not in alone.evidence
    assert among.evidence.endswith(" among 21 changes to joint.")
    turned = cells.better(claim(), trials(many), cell="joint", than="joint gain")
    assert turned.status == "contradicted", "another question, and the only one of its kind"


def test_one_seed_decides_nothing(trials):
    made = trials({"joint": [[40, 20, 80]], "joint x": [[10, 5, 20]]}, seeds=1)
    assert cells.better(claim(), made, cell="joint", than="joint x").status == "not identifiable"


@pytest.mark.parametrize("zero", [[0, 0, 0], [40, 0, 80]])
def test_nothing_to_divide_by_is_said(make, ends, zero):
    made = Trials(make({"joint": [ends([40, 20, 80])] * 3, "joint x": [ends(zero)] * 3}), None)
    found = cells.better(claim(), made, cell="joint", than="joint x")
    assert found.status == "not checkable"
    assert found.evidence.endswith(": not defined for any seed of both.")


def test_what_was_not_trained_is_named(trials):
    made = trials({"joint": [[40, 20, 80]]})
    both = {"cell": "joint", "than": ORDER}
    for rule in (
        cells.ahead, cells.better, cells.better_balanced, cells.less_forgotten,
        cells.no_less_forgotten,
    ):  # fmt: skip
        found = rule(claim(), made, **both)
        assert found.status == "not checkable"
        assert f"'{ORDER}'" in found.evidence
    assert cells.forgotten(claim(), made, cells=[ORDER], more_than=90).status == "not checkable"
    assert cells.score(claim(15), made, cell=ORDER, task="cls").status == "not checkable"


def test_less_is_forgotten(trials):
    levels = {
        "seg,det one": [[40, 0, 0], [38, 20, 0]], "seg,det other": [[40, 0, 0], [20, 20, 0]],
    }  # fmt: skip
    made = trials(levels)
    names = {"cell": "seg,det one", "than": "seg,det other"}
    found = cells.less_forgotten(claim(), made, **names)
    assert (found.status, found.recomputed) == ("confirmed", pytest.approx(18))
    turned = dict(zip(names, reversed(names.values()), strict=True))
    assert cells.less_forgotten(claim(), made, **turned).status == "contradicted"


def test_what_has_lost_nearly_everything_is_told_in_percent_of_the_other(trials):
    made = trials({"joint": [[40, 20, 80]], ORDER: [[40, 0, 0], [9, 20, 0], [4, 2, 80]]})
    found = cells.ahead(claim(), made, cell="joint", than=ORDER)
    assert found.recomputed == pytest.approx((90 + 90 + 0) / 3, abs=0.1)
    assert found.status == "confirmed"
    assert cells.ahead(claim(), made, cell=ORDER, than="joint").status == "contradicted"


def test_balance_is_the_worst_task_beside_its_single_training(trials):
    single = {f"single:{task}": [[40, 20, 80]] for task in ("seg", "det", "cls")}
    made = trials(
        {"joint": [[36, 18, 72]], ORDER: [[40, 0, 0], [9, 20, 0], [10, 18, 80]], **single}
    )
    found = cells.better_balanced(claim(), made, cell="joint", than=ORDER)
    assert found.recomputed == pytest.approx(-10 - -75, abs=0.1)
    assert found.status == "confirmed"


@pytest.mark.parametrize(("left", "status"), [(1, "confirmed"), (4, "not identifiable"),
                                              (20, "contradicted")])  # fmt: skip
def test_forgotten_is_a_share_of_the_own_base(trials, left, status):
    made = trials({ORDER: [[40, 0, 0], [9, 40, 0], [left, left, 80]],
                   LATER: [[0, 40, 0], [40, 9, 0], [left, left, 80]]})  # fmt: skip
    asked = {"cells": [ORDER, LATER, "cls,det,seg"], "more_than": 90}
    found = cells.forgotten(claim(90), made, **asked)
    assert found.recomputed == pytest.approx(100 - left / 0.4, abs=0.05)
    assert found.status == status
    assert "2 of 3 orders" in found.evidence


def test_an_order_with_fewer_seeds_waits(make, ends):
    chain = ends([40, 0, 0], [0, 40, 0], [4, 4, 80])
    late = ends([0, 40, 0], [40, 0, 0], [40, 40, 80])
    found = cells.forgotten(
        claim(90), Trials(make({ORDER: [chain] * 3, LATER: [late]}), None),
        cells=[ORDER, LATER], more_than=80,
    )  # fmt: skip
    assert (found.recomputed, found.n) == (90, 3)
    assert "1 of 2 orders" in found.evidence


@pytest.mark.parametrize(("kept", "status"), [(5, "confirmed"), (25, "contradicted")])
def test_a_remedy_that_forgets_as_much_does_not_help(trials, kept, status):
    plain = [[40, 0, 0], [5, 30, 0], [5, 5, 80]]
    made = trials({ORDER: plain, REMEDY: [*plain[:2], [kept, kept, 80]]})
    found = cells.no_less_forgotten(claim(), made, cell=REMEDY, than=ORDER)
    assert (found.status, found.recomputed) == (status, pytest.approx(kept - 5))


def test_a_remedy_whose_seeds_scatter_is_not_said_to_be_useless(make, ends):
    plain = ends([40, 0, 0], [5, 30, 0], [5, 5, 80])
    kept = [ends([40, 0, 0], [5, 30, 0], [level, level, 80]) for level in (1, 9)]
    made = Trials(make({ORDER: [plain] * 2, REMEDY: kept}), None)
    found = cells.no_less_forgotten(claim(), made, cell=REMEDY, than=ORDER)
    assert (found.status, found.recomputed) == ("not identifiable", 0)


def test_one_seed_of_a_remedy_decides_nothing(trials):
    plain = [[40, 0, 0], [5, 30, 0], [5, 5, 80]]
    made = trials({ORDER: plain, REMEDY: [*plain[:2], [25, 25, 80]]}, seeds=1)
    found = cells.no_less_forgotten(claim(), made, cell=REMEDY, than=ORDER)
    assert (found.status, found.recomputed) == ("not identifiable", 20)


def test_a_score_is_told_beside_those_of_other_cells(trials):
    made = trials({"joint": [[40, 20, 80]], "joint x": [[10, 20, 80]]})
    asked = {"cell": "joint", "task": "seg"}
    found = cells.score(claim(15), made, **asked, beside=["joint x", "joint y"])
    alone = cells.score(claim(15), made, **asked)
    assert "; joint x: 10.0" in found.evidence
    assert "joint y" not in found.evidence
    assert (found.status, found.recomputed) == (alone.status, alone.recomputed)


@pytest.mark.parametrize(("reported", "status"), [(40, "confirmed"), (15, "not identifiable")])
def test_another_networks_score_contradicts_nothing(trials, reported, status):
    made = trials({"joint": [[40, 20, 80]]})
    found = cells.score(claim(reported), made, cell="joint", task="seg")
    assert (found.status, found.recomputed) == (status, pytest.approx(40))
    with pytest.raises(ValueError, match=r"claim c: .*needs a reported figure"):
        cells.score(claim(), made, cell="joint", task="seg")
