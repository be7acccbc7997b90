from trainstudy.book.rates import MISSING, chance, compared

JOINT = {"joint": [[40.0, 20.0, 70.0]]}
LOW = {"joint rate=low": [[44.0, 20.0, 75.0]]}
HIGH = {"joint rate=high": [[10.0, 5.0, 25.0]]}


def test_a_rate_is_set_beside_the_common_one(task_study, rows):
    study = task_study({**JOINT, **LOW, "joint epochs=100": [[50.0, 20.0, 70.0]]})
    _, *found = rows(compared(study))
    assert [row[:3] for row in found] == [
        ["joint rate=low", "joint", metric] for metric in ("mIoU", "mAP50", "top-1")
    ]
    # test is a point below validation, and seeds add 0, 1 and 2
    assert [row[3] for row in found] == ["44.0", "20.0", "75.0"]
    assert found[0][4] == "+4.0 (+4.0 to +4.0)"
    assert repr(compared(task_study_of(study, "joint"))) == MISSING


def test_what_classifies_as_guessing_does_is_named(task_study):
    study = task_study({**JOINT, **LOW, **HIGH})
    assert repr(chance(study)) == (
        "By their intervals, no better than guessing among 4 classes (25.0 % top-1): joint "
        "rate=high."
    )
    assert repr(chance(task_study_of(study, "joint"))) == MISSING


def test_what_has_no_other_rate_beside_it_is_not_judged(task_study):
    study = task_study({**JOINT, **LOW, "seg,det,cls": [[1.0, 1, 25]] * 3})
    assert repr(chance(study)) == (
        "All of these with several seeds classify better than guessing among 4 classes (25.0 % "
        "top-1)."
    )


def task_study_of(study, cell):
    study.__dict__["by_task"] = study.by_task[study.by_task["cell"] == cell]
    return study
