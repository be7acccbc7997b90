from trainstudy.book.recommendations import recommendations, what_to_do

CELLS = {
    "joint": [[40.0, 20, 80]],
    "joint epochs=100": [[50.0, 25, 90]],
    "joint schedule=cosine": [[60.0, 30, 60]],
    "joint warmup=10": [[40.5, 20, 80]],
    "joint losses=focal": [[10.0, 5, 20]],
    "joint weighting=equal": [[40.0, 20, 81]],
}


def test_what_to_do_comes_first(task_study, rows):
    study = task_study(CELLS, length={"joint epochs=100": 2})
    _, *found = rows(recommendations(study))
    verdicts = {row[0]: row[1] for row in found}
    assert len(verdicts) == len(found)
    assert list(verdicts)[:2] == ["cosine annealing", "100 epochs"]
    assert [verdicts[name] for name in list(verdicts)[:2]] == ["do this", "do this"]
    assert verdicts["joint weighting=equal"] == verdicts["a warm-up of 10 epochs"] != "do this"
    assert verdicts["focal variants of the losses"] == "do not"
    assert found[-1][1] == "not trained"
    # the smallest difference that could have been told, only where none was seen
    assert {row[9] != "–" for row in found if row[1] == "no difference seen"} == {True}
    assert {row[9] for row in found if row[1] != "no difference seen"} == {"–"}
    shown = {row[0]: row for row in found}
    assert shown["focal variants of the losses"][4:7] == ["−30.0", "−15.0", "−60.0"]
    assert shown["100 epochs"][2] == "+20.8 (+20.8 to +20.8)"
    assert shown["100 epochs"][3] == "< 0.001"
    assert shown["100 epochs"][7::3] == ["2.00", "3"]


def test_the_list_says_what_to_do_and_who_pays_for_it(task_study):
    lines = repr(what_to_do(task_study(CELLS, length={"joint epochs=100": 2}))).splitlines()
    gain = "+25.0 % (+25.0 to +25.0)"
    assert lines[0] == (
        f"Do this: cosine annealing, {gain}: mIoU +20.0, mAP50 +10.0, top-1 −20.0 points; for 1.00 "
        "times the images."
    )
    assert lines[1].startswith("Do this: 100 epochs, +20.8 % (")
    assert lines[1].endswith("points; for 2.00 times the images.")
    assert lines[2].startswith("Do not: focal variants of the losses, −75.0 %")
    unseen = [line for line in lines if line.startswith("No difference seen: ")]
    assert len(unseen) == 1
    assert "joint weighting=equal" in unseen[0]
    assert any(line.startswith("Not trained: 200 epochs; step decay; ") for line in lines)


def test_what_may_be_chance_among_so_many_is_told_as_open(task_study):
    same = {f"joint {name}": [[40.0, 40, 40]] for name in ("", *"abcdefghij")}
    cells = {name.strip(): scores for name, scores in same.items()}
    lines = repr(what_to_do(task_study(cells | {"joint warmup=10": [[42.0, 42, 42]]}))).splitlines()
    (told,) = [line for line in lines if line.startswith("Open: ")]
    assert told.startswith("Open: a warm-up of 10 epochs, +5.0 %. Alone each would count")
    assert (
        "among 13 changes" in told
    )  # two are of joint itself: stopping early, the best checkpoint


def test_one_seed_decides_nothing(task_study, rows):
    study = task_study(CELLS, seeds=[0])
    assert {row[1] for row in rows(recommendations(study))[1:]} == {"too few seeds", "not trained"}
    assert "Do this: nothing of what was trained." in repr(what_to_do(study))
    assert "nan" not in recommendations(study)._repr_html_() + repr(what_to_do(study))


def test_a_study_that_changes_nothing_says_so(task_study):
    alone = task_study({"joint": CELLS["joint"], "single:seg": [[40.0, 0, 0]]})
    kept = ~alone.scores["cell"].str.contains("stopping")  # which are made of joint itself
    alone.__dict__["scores"] = alone.scores[kept]
    sentence = "This study has no cell that changes joint in one thing."
    assert repr(recommendations(alone)) == repr(what_to_do(alone)) == sentence


def test_a_study_without_joint_training_says_so(task_study):
    study = task_study({"single:seg": [[40.0, 0, 0]]})
    assert repr(recommendations(study)) == "This study has no cell joint to compare with."
