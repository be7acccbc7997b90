from trainstudy.multitask.ways import stages


def test_each_stage_adds_a_task_and_keeps_the_others(cost):
    plan = stages("cumulative:cls,seg,det", 4)
    assert [stage.tasks for stage in plan] == [("cls",), ("cls", "seg"), ("cls", "seg", "det")]
    assert [stage.name for stage in plan] == ["cls", "cls>cls+seg", "cls>cls+seg>cls+seg+det"]
    assert [stage.parent for stage in plan] == [None, "cls", "cls>cls+seg"]
    assert all(not stage.earlier for stage in plan)  # nothing to forget: all are still trained
    assert cost(plan, 10) == {"cls": 120, "seg": 80, "det": 40}


def test_its_first_stage_is_that_of_the_sequence():
    assert stages("cumulative:seg,det", 4)[0] == stages("seg,cls", 4)[0]
