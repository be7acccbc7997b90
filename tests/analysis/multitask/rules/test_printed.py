import pandas as pd
import pytest

from trainstudy.analysis.multitask.rules import printed
from trainstudy.analysis.multitask.scores import frame
from trainstudy.analysis.multitask.trials import Trials
from trainstudy.analysis.multitask.weights_formula import formula_weights
from trainstudy.reports import Claim, Design, Report

LOSSES = [1.0, 4.0, 2.5]  # mean 2.5: the last has the weight 1


def trials(weights):
    table = pd.DataFrame({"task": ["seg", "det", "cls"], "loss": LOSSES, "weight": weights})
    phases = pd.DataFrame({"epochs": [5, 40, 5]})
    design = Design(base=50, training_end=50, seeds=1, unit="epochs")
    return Trials(frame([]), Report(design, (), {"losses": table, "phases": phases}))


RIGHT, EQUAL = trials(formula_weights(LOSSES).round(2)), trials([1.0, 1.0, 1.0])


def claim(reported=None):
    return Claim(id="c", section="1", place="p", text="t", rule="r", reported=reported, decimals=2)


@pytest.mark.parametrize(("reported", "status"), [(1.58, "confirmed"), (0.89, "contradicted")])
def test_a_weight_equals_the_formulas_to_its_digits(reported, status):
    found = printed.formula_weight(claim(reported), RIGHT, task="seg")
    assert (found.status, found.recomputed) == (status, pytest.approx(2.5**0.5))


def test_all_weights_are_the_formulas_or_not():
    assert printed.formula_followed(claim(), RIGHT).status == "confirmed"
    wrong = printed.formula_followed(claim(), EQUAL)
    assert (wrong.status, wrong.evidence[:30]) == ("contradicted", "1 of 3 weights follow from the")


@pytest.mark.parametrize(
    ("task", "stated", "status"),
    [
        ("seg", "underweighted", "contradicted"),
        ("seg", "overweighted", "confirmed"),
        ("det", "underweighted", "confirmed"),
        ("det", "nearly balanced", "contradicted"),
        ("cls", "nearly balanced", "confirmed"),
    ],
)
def test_sides_are_those_of_the_formula(task, stated, status):
    assert printed.formula_side(claim(), EQUAL, task=task, stated=stated).status == status


def test_an_unknown_side_is_named():
    with pytest.raises(ValueError, match="claim c: stated 'heavy', one of underweighted"):
        printed.formula_side(claim(), EQUAL, task="seg", stated="heavy")


def test_domination_is_the_largest_part_of_the_sum():
    assert printed.less_dominated(claim(), RIGHT).status == "confirmed"
    assert printed.less_dominated(claim(), EQUAL).status == "contradicted"  # no smaller
    assert printed.less_dominated(claim(), trials([1, 2, 1])).status == "contradicted"


@pytest.mark.parametrize(("total", "status"), [(50, "confirmed"), (45, "contradicted")])
def test_a_total_is_the_sum_of_its_parts(total, status):
    found = printed.adds_up(claim(total), EQUAL, table="phases", column="epochs")
    assert (found.status, found.recomputed) == (status, 50)
    with pytest.raises(ValueError, match=r"claim c: .*needs a reported figure"):
        printed.adds_up(claim(), EQUAL, table="phases", column="epochs")
