from pathlib import Path

import pytest

from trainstudy.analysis.claims import COLUMNS
from trainstudy.analysis.multitask.claims import REPRODUCED, check_scores
from trainstudy.analysis.multitask.rules import FROM_RUNS, RULES
from trainstudy.analysis.multitask.scores import frame
from trainstudy.analysis.multitask.trials import Trials
from trainstudy.reports import load_report

REPORTS = Path(__file__).parents[3] / "reports"
REPORT = load_report(REPORTS / "training_strategy")
EXPECTED = load_report(REPORTS / "multitask_plan")  # of our own study


@pytest.fixture(scope="module")
def before():
    return check_scores(REPORT, frame([])).set_index("id", drop=False)


def test_the_report_is_whole(before):
    assert set(before["section"]) == set("1234567")
    rules = {*before["rule"], *(claim.rule for claim in EXPECTED.claims)}
    assert rules == set(RULES)  # none unknown, none unused
    assert before.columns.tolist() == [*COLUMNS, *REPRODUCED.values()]
    assert before["evidence"].str.endswith(".").all()
    losses = REPORT.tables["losses"]
    assert REPORT.tables["final_scores"]["task"].isin(losses["task"]).all()


def test_what_needs_no_run_is_decided(before):
    status = before["status"]
    assert (status[["weight-seg", "weight-det", "weight-cls", "formula-followed"]]
            == "contradicted").all()  # fmt: skip
    assert before.loc[["weight-seg", "weight-det", "weight-cls"], "recomputed"].round(
        2
    ).tolist() == [1.54, 0.76, 1.08]
    assert status[["side-seg", "side-det", "side-cls"]].tolist() == [
        "contradicted", "contradicted", "confirmed",
    ]  # fmt: skip
    assert status["one-task-dominates"] == "contradicted"  # its weights make it worse
    assert status["near-random"] == "confirmed"
    assert status["no-task-failed"] == "not identifiable"
    assert status["epochs"] == "confirmed"


def test_expectations_name_cells_of_the_plan():
    plan = (REPORTS / "training_strategy" / "plan.yml").read_text()
    for claim in EXPECTED.claims:
        for name in ("cell", "than", "base", "cells"):
            told = claim.arguments.get(name, [])
            for cell in [told] if isinstance(told, str) else told:
                assert f'name: "{cell}"' in plan, claim.id


def test_claims_about_runs_wait_for_them(before):
    ours = before[before["rule"].isin(FROM_RUNS)]
    assert len(ours) > 25
    assert set(ours["status"]) == {"not checkable"}
    assert before[list(REPRODUCED.values())[:3]].isna().all(axis=None)


def test_runs_reproduce_or_contradict_and_leave_the_rest_alone(make, ends, before):
    rng = range(4)
    chain = [ends([40, 0, 0], [1, 20 + s / 9, 0], [1 + s / 9, 1, 90]) for s in rng]
    found = check_scores(REPORT, make({
        "joint": [ends([36 + s / 9, 18, 88]) for s in rng],
        "joint rate=fixed": [ends([36 + s / 9, 18, 88]) for s in rng],
        "joint schedule=cosine": [ends([30 + s / 9, 15, 80]) for s in rng],
        "seg,det,cls": chain,
        "seg,det,cls ewc": [[*s[:2], [[30, 15, 85]]] for s in chain],
    })).set_index("id", drop=False)  # fmt: skip
    status = found["status"]
    assert status["joint-better"] == status["sequential-forgets"] == "confirmed"
    assert status["ewc-ineffective"] == status["rate-limits"] == "contradicted"
    assert status["score-seg"] == "not identifiable"  # another network
    drops = [100 - 50 * ((1 + s / 9) / 40 + 1 / (20 + s / 9)) for s in rng]
    assert found.loc["sequential-forgets", "reproduced"] == pytest.approx(sum(drops) / 4)
    assert found.loc["sequential-forgets", "seeds"] == 4
    assert found.loc["sequential-forgets", "reproduced_low"] > 90
    without = ~found["rule"].isin(FROM_RUNS)
    assert status[without].equals(before["status"][without])


def test_a_frame_that_is_none_of_scores_is_refused():
    with pytest.raises(ValueError, match="no column 'cell'"):
        check_scores(REPORT, frame([]).drop(columns="cell"))


def test_cells_that_lack_are_all_named(make, ends):
    trials = Trials(make({"joint": [ends([1, 2, 3])]}), REPORT)
    assert trials.lacking("joint") is None
    assert trials.lacking("joint", "a", "b").evidence == "No finished run of 'a' nor of 'b'."
