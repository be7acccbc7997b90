from trainstudy.book.balance import UNMEASURED, cosine_figure, cosine_table, weight_figure

CELLS = {"joint": [[1, 2, 3]], "seg,det,cls": [[1, 0, 0], [1, 2, 0], [1, 2, 3]]}
MEASURED = {"cosine_seg_det": 0.25, "cosine_det_cls": -0.5}


def test_the_mean_cosine_of_every_pair_in_every_cell(task_study, rows):
    head, joint, sequence = rows(cosine_table(task_study(CELLS, val=MEASURED)))
    assert head == ["Training", "seg–det", "det–cls", "Opposed, %"]
    assert joint == ["joint", "+0.25 (+0.25 to +0.25)", "−0.50 (−0.50 to −0.50)", "50"]
    assert sequence[0] == "seg,det,cls"


def test_cosines_and_weights_are_drawn(task_study):
    study = task_study(CELLS, val=MEASURED, train={"weight_seg": 1.5, "weight_det": 0.5})
    drawn = cosine_figure(study)._repr_html_()
    assert "seg–det" in drawn
    assert "seg,det,cls" in drawn
    weighed = weight_figure(study)._repr_html_()
    assert "det, reported" in weighed
    assert "cls, reported" not in weighed  # it has no weight here


def test_what_was_not_measured_is_said(task_study):
    study = task_study(CELLS)
    assert repr(cosine_table(study)) == repr(cosine_figure(study)) == UNMEASURED
    assert repr(weight_figure(study)) == "This study has no weights of a cell joint."
