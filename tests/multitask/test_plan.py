import pytest

from trainstudy.multitask.plan import read_plan
from trainstudy.paths import project_root


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seeds": []}, r"plan\.yml: .*seeds"),
        ({"cells": []}, r"plan\.yml: .*cells"),
        ({"seeds": "0"}, r"plan\.yml: .*seeds"),
        ({"sedes": [0]}, "sedes"),
    ],
)
def test_a_plan_that_makes_no_sense_is_told_with_its_file(plan, changes, message):
    with pytest.raises(ValueError, match=message):
        plan(**changes)


def test_a_cell_that_makes_no_sense_is_told_by_its_name(plan, cells):
    with pytest.raises(ValueError, match=r"plan\.yml: two cells have one name"):
        plan(cells=[cells[0], cells[0]])
    with pytest.raises(ValueError, match=r"cell 'cls,seg': .*ordr"):
        plan(cells=[{**cells[0], "parameters": {"ordr": "x"}}])


def test_the_plans_of_the_project_can_be_read():
    plans = sorted((project_root() / "reports" / "training_strategy").glob("*.yml"))
    read = [read_plan(path) for path in plans if path.stem != "claims"]
    assert read
    assert all(cell.why for plan in read for cell in plan.cells)
