import re
from html import unescape

import numpy as np
import pytest

from trainstudy.book import multitask as chapter
from trainstudy.multitask import data
from trainstudy.multitask.parameters import TrainMultitask
from trainstudy.tasks import TASKS


def cells(html):
    """The rows of a table as the page shows them."""
    rows = re.findall(r"<tr>(.*?)</tr>", html._repr_html_(), flags=re.DOTALL)
    return [
        [unescape(re.sub(r"<[^>]*>", "", cell)) for cell in re.findall(r"<t[dh].*?</t[dh]>", row)]
        for row in rows
    ]


def test_a_plan_tells_the_stages_and_where_they_start():
    parameters = TrainMultitask.checked(
        order="seg,cls", remedies="lwf", schedule="cosine", data_root=data.SYNTHETIC, size=32
    )
    _, first, second = cells(chapter.plan(parameters))
    assert first[:4] == ["seg", "seg", "–", "–"]
    assert second[:4] == ["seg>cls", "cls", "seg", "lwf:strength=1.0,temperature=2.0"]
    assert second[5] == f"cosine:warmup=0,end={second[4].replace(',', '')},floor=1e-05"


@pytest.mark.parametrize("task", TASKS)
def test_predictions_are_drawn_on_a_copy_of_the_image(task):
    dataset = data.load(task, data.SYNTHETIC, 32).val
    before = dataset.images.copy()
    height, width = dataset.extents[0]
    found = {
        "seg": np.full((height, width), 1, np.uint8),
        "det": tuple(np.array(part) for part in ([[4.0, 4.0, 20.0, 20.0]], [0.9], [1])),
        "cls": int(dataset.labels.flat[0]),
    }[task]
    drawn = chapter._drawn(dataset, 0, found)
    assert drawn.dtype == np.uint8
    assert (drawn != before[0][0, 0]).any()
    assert np.array_equal(dataset.images, before)
    if task == "det":
        weak = found[0], np.array([0.1]), found[2]
        assert np.array_equal(chapter._drawn(dataset, 0, weak), before[0][:height, :width])
