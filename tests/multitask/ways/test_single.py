import pytest

from trainstudy.multitask.ways import Phase, Stage, cost, shared, stages
from trainstudy.multitask.ways.single import equal_budget, equal_cost


def test_is_one_stage_of_one_task():
    assert stages("single:det", 7) == (Stage("det", ("det",), (Phase(7, ("det",)),)),)
    with pytest.raises(ValueError, match="single is of one task, got seg, det"):
        stages("single:seg,det")


@pytest.mark.parametrize("order", ["joint", "seg,det,cls", "cumulative:seg,det,cls", "single:seg"])
@pytest.mark.parametrize("epochs", [7, 50])
def test_baselines_cost_per_task_what_the_plan_does_or_all_of_it_does(order, epochs):
    plan = stages(order, epochs)
    each = cost(plan, 20)
    assert cost(equal_budget(plan), 20) == each
    assert cost(equal_cost(plan), 20) == dict.fromkeys(each, sum(each.values()))


def test_equal_budget_is_the_first_stage_of_a_sequence_and_equal_cost_is_not():
    joint, sequence = stages("joint", 7), stages("seg,det,cls", 7)
    together = shared([joint, sequence, equal_budget(joint), equal_cost(joint)])
    assert [stage.name for stage in together] == [
        "seg+det+cls", "seg", "seg>det", "seg>det>cls", "det", "cls", "seg@21", "det@21", "cls@21"
    ]  # fmt: skip
