import numpy as np
import pandas as pd
import pytest

from trainstudy.figures.transfer import r_matrix

METRICS = {"seg": "mIoU", "det": "mAP50", "cls": "top-1"}


def matrix(half=1.5):
    rows = [
        (stage, ">".join(list(METRICS)[: stage + 1]), task, place == stage, value, value - half,
         value + half)
        for stage, values in enumerate([(40, 0, 0), (20, 0, 0), (10, 0, 90)])
        for place, (task, value) in enumerate(zip(METRICS, values, strict=True))
    ]  # fmt: skip
    columns = ["stage", "stage_name", "task", "own", "value", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize("half", [1.5, np.nan])
def test_a_cell_a_stage_and_task_with_its_figure(texts, half):
    figure = r_matrix(matrix(half), METRICS)
    (axes,) = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "after seg", "after seg>det", "after seg>det>cls",
    ]  # fmt: skip
    written = {text.get_position(): text.get_text() for text in axes.texts}
    assert len(written) == 9
    assert written[2, 2] == ("90.0 ± 1.5" if half == half else "90.0")
    assert {"after seg>det", "mAP50 (%)"} <= set(texts(figure))


def test_shades_are_by_task_and_frames_are_where_it_is_trained():
    (axes,) = r_matrix(matrix(), METRICS).axes
    shades = [patch for patch in axes.patches if patch.get_fill()]
    frames = [patch for patch in axes.patches if not patch.get_fill()]
    by_place = {(round(p.get_x() + 0.5), round(p.get_y() + 0.5)): p.get_alpha() for p in shades}
    assert by_place[0, 0] == by_place[2, 2] == max(by_place.values())
    assert by_place[0, 1] == pytest.approx(by_place[0, 0] / 2)
    assert by_place[1, 0] == by_place[1, 1] == 0  # a task that never scored has no shade
    assert sorted(round(p.get_x()) for p in frames) == [0, 1, 2]
    assert all(round(p.get_x()) == round(p.get_y()) for p in frames)


def test_nothing_to_draw_is_said(texts):
    assert "nothing to compare in these runs" in texts(r_matrix(matrix().iloc[:0], METRICS))
