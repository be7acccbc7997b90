import numpy as np
import pandas as pd

from trainstudy.figures.stability_gap import BEFORE, transitions

METRICS = {"seg": "mIoU", "det": "mAP50", "cls": "top-1"}


def since(cells=("seg,det,cls", "seg,det,cls lwf")):
    rows = [
        (cell, seed, stage, name, task, at, 40.0 + 10 * place + seed - at / 4)
        for place, cell in enumerate(cells) for seed in (0, 2)
        for stage, name, tasks in ((1, "seg>det", ["seg"]), (2, "seg>det>cls", ["det", "seg"]))
        for task in tasks for at in (0, 1, 4, 64)
    ]  # fmt: skip
    columns = ["cell", "seed", "stage", "stage_name", "task", "since", "score"]
    return pd.DataFrame(rows, columns=columns)


def test_a_panel_a_stage_and_task_on_a_logarithmic_axis(texts, legend):
    figure = transitions(since(), ["seg,det,cls", "seg,det,cls lwf"], METRICS)
    labels = [axes.get_ylabel() for axes in figure.axes]
    assert labels == ["seg\nmIoU (%)", "seg\nmIoU (%)", "det\nmAP50 (%)"]  # tasks in their order
    for axes in figure.axes:
        assert axes.get_xscale() == "log"
        plain, lwf = axes.lines
        np.testing.assert_allclose(plain.get_xdata(), [BEFORE, 1, 4, 64])
        np.testing.assert_allclose(plain.get_ydata(), [41, 40.75, 40, 25])
        np.testing.assert_allclose(lwf.get_ydata()[0], 51)
    assert legend(figure) == ["seg,det,cls", "seg,det,cls lwf"]
    words = texts(figure)
    assert {"before", "1", "64", "in seg>det"} <= set(words)


def test_a_cell_that_one_panel_lacks_is_in_the_legend_all_the_same(legend):
    table = since()
    table = table[(table["cell"] != "seg,det,cls lwf") | (table["stage"] == 2)]
    figure = transitions(table, ["seg,det,cls", "seg,det,cls lwf"], METRICS)
    assert legend(figure) == ["seg,det,cls", "seg,det,cls lwf"]


def test_nothing_to_draw_is_said(texts):
    for cells in ([], ["unknown"]):
        assert "nothing to compare in these runs" in texts(transitions(since(), cells, METRICS))
