from trainstudy.book.joint_single import MISSING, compared, on_par

JOINT = {"joint": [[40.0, 20.0, 70.0]]}
SINGLE = {"single:seg": [[40.0, 0, 0]], "single:det": [[0, 15.0, 0]], "single:cls": [[0, 0, 90.0]]}


def test_every_task_is_set_beside_its_own_training(task_study, rows):
    study = task_study({**JOINT, **SINGLE, "single:seg epochs=150": [[45.0, 0, 0]]},
                       length={"single:seg epochs=150": 3})  # fmt: skip
    _, *found = rows(compared(study))
    assert [row[:2] for row in found] == [
        ["joint", single] for single in (*SINGLE, "single:seg epochs=150")
    ]
    assert [row[3] for row in found] == ["at least on par"] * 2 + ["worse"] * 2
    assert [row[4] for row in found][2:] == ["−20.0 (−20.0 to −20.0)", "−5.0 (−5.0 to −5.0)"]
    assert [row[8] for row in found] == ["0.33", "0.33", "0.33", "1.00"]


def test_the_sentence_counts_by_rule_and_gives_the_evidence(task_study):
    study = task_study({**JOINT, **SINGLE, "single:seg epochs=150": [[45.0, 0, 0]]})
    short, long = repr(on_par(study)).splitlines()
    # three seeds, a point apart: 1.96 sqrt(2 / 3)
    assert short == (
        "joint against single:seg, single:det, single:cls: at least on par on 2 of 3 tasks (seg, "
        "det); worse on cls, −20.0 points top-1 (−20.0 to −20.0, noise floor 1.60, level 90.00)."
    )
    assert long.startswith(
        "joint against single:seg epochs=150: at least on par on 0 of 1 tasks; worse"
    )


def test_one_seed_and_no_single_task_are_said(task_study):
    alone = task_study({**JOINT, **SINGLE}, seeds=[0])
    assert repr(on_par(alone)).endswith("single:cls: too few seeds to tell.")
    assert "nan" not in compared(alone)._repr_html_()
    alone.__dict__["by_task"] = alone.by_task[alone.by_task["cell"] == "joint"]
    assert repr(on_par(alone)) == repr(compared(alone)) == MISSING
