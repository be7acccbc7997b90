import pytest

from trainstudy.multitask.ways import Phase, Stage, stages


def test_is_one_stage_of_one_task():
    assert stages("single:det", 7) == (Stage("det", ("det",), (Phase(7, ("det",)),)),)
    with pytest.raises(ValueError, match="parameter 'order': single is of one task, got seg, det"):
        stages("single:seg,det")


@pytest.mark.parametrize("task", ["seg", "det", "cls"])
def test_is_the_first_stage_of_a_sequence(task):
    others = [other for other in ("seg", "det", "cls") if other != task]
    assert stages(f"single:{task}", 7)[0] == stages(",".join([task, *others]), 7)[0]
