import pytest

from trainstudy.book import remedies as part

CELLS = {
    "seg,det,cls": [[40.0, 0, 0], [10, 20, 0], [4, 10, 90]],
    "seg,det,cls lwf": [[40.0, 0, 0], [40, 20, 0], [39.5, 20, 90]],
    "seg,det,cls replay=50": [[50.0, 0, 0], [50, 20, 0], [50, 20, 90]],
}
SINGLE = {"single:seg": [[40.0, 0, 0]], "single:det": [[0, 20.0, 0]], "single:cls": [[0, 0, 90.0]]}
FUNCTIONS = (part.remedies_table, part.trade_off_figure, part.course_table, part.course_verdict)
OF_THE_BEST = (part.course_matrix, part.course_curves)


def test_what_is_left_of_every_task(task_study, rows):
    _, plain, lwf, _ = rows(part.remedies_table(task_study({**CELLS, **SINGLE})))
    assert plain[0] == "seg,det,cls"
    figures = [text.partition(" ")[0] for text in plain]
    assert figures[1:6] == ["missed", "missed", "4.0", "10.0", "90.0"]
    assert figures[6:] == ["−23.0", "23.0", "−46.7"]
    assert lwf[1:3] == ["met", "met"]


def test_what_keeps_up_with_joint_training_is_named(task_study):
    study = task_study({**CELLS, "joint": [[40.0, 20, 90]]})
    assert repr(part.beside_joint(study)) == (
        "2 of 3 sequences do not end measurably below joint: seg,det,cls replay=50, +8.3 % "
        "(+8.3 to +8.3); seg,det,cls lwf, −0.4 % (−0.4 to −0.4)."
    )


def test_without_joint_training_there_is_nothing_to_keep_up_with(task_study):
    assert repr(part.beside_joint(task_study(CELLS))) == "This study has no sequence beside joint."


def test_sequences_of_two_tasks_have_no_score_in_the_third(task_study, rows):
    study = task_study({"seg,det": [[40.0, 0, 0], [30, 20, 0]]})
    study.__dict__["by_task"] = study.by_task[study.by_task["task"] != "cls"]
    *_, seg, det, cls = rows(part.remedies_table(study))[1][1:6]
    assert (seg.partition(" ")[0], det.partition(" ")[0], cls) == ("30.0", "20.0", "–")


def test_without_single_tasks_there_is_a_dash(task_study, rows):
    assert rows(part.remedies_table(task_study(CELLS)))[1][8] == "–"


def test_the_course_is_asked_of_what_it_allows_and_of_the_rest(task_study, rows):
    study = task_study(CELLS)
    _, allowed, other = rows(part.course_table(study))
    # 38.5, 39.5 and 40.5: below 40 by mean, and open with their interval
    assert allowed[:3] == ["seg,det,cls lwf", "4", "yes"]
    assert allowed[3].startswith("met  seg −1.3")
    assert allowed[5].startswith("open  39.5 (37.0 to 42.0)")
    assert allowed[6].startswith("met  20.0")
    assert other[:3] == ["seg,det,cls replay=50", "5", "no"]
    first, second = repr(part.course_verdict(study)).splitlines()
    assert first.startswith("Sequences that the course allows, 2: by means over seeds 4 of 5 ")
    assert first.endswith("by seg,det,cls lwf. All 5, with their whole intervals: none.")
    assert second.startswith("Others, 1: by means over seeds 5 of 5 ")
    assert second.endswith("whole intervals: seg,det,cls replay=50.")


def test_the_trade_off_is_of_sequences_that_go_one_way(task_study, monkeypatch):
    seen = []
    monkeypatch.setattr(part.show, "figure", lambda draw, table, *_, **__: seen.append(table))
    part.trade_off_figure(task_study({**CELLS, "det,seg,cls": CELLS["seg,det,cls"]}))
    assert set(seen[0]["cell"]) == set(CELLS)
    assert {"own", "backward"} <= set(seen[0]["measure"])


@pytest.mark.parametrize("function", OF_THE_BEST)
def test_the_stages_are_those_of_the_best_that_the_course_allows(task_study, function):
    html = function(task_study(CELLS))._repr_html_()
    assert "<svg" in html
    assert "seg,det,cls lwf, " in html


@pytest.mark.parametrize("function", OF_THE_BEST)
@pytest.mark.parametrize("cell", ["seg,det,cls replay=50", "det,seg,cls", "joint"])
def test_a_study_without_one_that_the_course_allows_says_so(task_study, function, cell):
    scores = [[1.0, 2, 3]] if cell == "joint" else CELLS["seg,det,cls"]
    assert repr(function(task_study({cell: scores}))) == part.FORBIDDEN


@pytest.mark.parametrize("function", [*FUNCTIONS, *OF_THE_BEST])
def test_one_seed_is_shown_and_no_sequence_is_said(task_study, function):
    assert "nan" not in function(task_study(CELLS, seeds=[0]))._repr_html_()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_study_without_sequences_says_so(task_study, function):
    assert repr(function(task_study({"joint": [[1, 2, 3]]}))) == part.MISSING
