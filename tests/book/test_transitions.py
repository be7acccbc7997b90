import pytest

from trainstudy.book.transitions import MISSING, transition_figure, transition_table

CELLS = {
    "seg,det,cls": [[40.0, 0, 0], [30, 20, 0], [20, 10, 90]],
    "seg,det,cls lwf": [[40.0, 0, 0], [40, 20, 0], [40, 20, 90]],
    "det,seg,cls": [[0, 20.0, 0], [40, 10, 0], [20, 5, 90]],
}


def test_the_worst_that_tasks_went_through(task_study, rows):
    _, *found = rows(transition_table(task_study(CELLS)))
    assert [row[0] for row in found] == list(CELLS)
    means = [[float(text.partition(" ")[0]) for text in row[1:]] for row in found]
    # just after a transition every score is five points below where its stage ends
    assert means[0] == [11, 37.7, 20, 5]
    assert means[1] == [26, 47.7, 5, 5]


def test_the_figure_is_of_sequences_that_go_one_way(task_study):
    cells = CELLS | {"seg,det,cls rate=low": CELLS["seg,det,cls"]}
    study = task_study(cells)
    study.__dict__["remedies"] = {**study.remedies, "seg,det,cls rate=low": ""}
    html = transition_figure(study)._repr_html_()
    assert "seg,det,cls lwf" in html
    assert "det,seg,cls" not in html
    assert "rate=low" not in html, "it has no remedy"
    assert "in seg&gt;det&gt;cls" in html


@pytest.mark.parametrize("function", [transition_table, transition_figure])
def test_a_study_without_sequences_says_so(task_study, function):
    assert repr(function(task_study({"joint": [[1, 2, 3]]}))) == MISSING
