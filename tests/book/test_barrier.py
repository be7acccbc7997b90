import re
from dataclasses import replace
from html import unescape

import pytest

from trainstudy.book.barrier import connection
from trainstudy.book.task_study import DRAWN, TaskStudy
from trainstudy.files import write_json
from trainstudy.paths import project_root
from trainstudy.runs.chains import Chain, read_chains
from trainstudy.runs.record import BARRIERS, STUDY

CELLS = ("joint", "seg,det,cls ewc")


def points(depth):
    return [
        {"share": share, "mIoU": 40 - low, "mAP50": 30.0, "top1": 90 - 2 * low}
        for share, low in ((0.0, 0.0), (0.5, depth), (1.0, 0.0))
    ]


@pytest.fixture
def study(tmp_path):
    """study(depths): with a path a seed that falls so many points between its ends."""

    def make(*depths, other=CELLS[1], source="~/runs/multitask"):
        chains = [
            {"cell": cell, "seed": seed, "stages": [{"stage": "s", "run": f"{cell}-{seed}"}]}
            for seed in (0, 1)
            for cell in CELLS
        ]
        write_json(tmp_path / STUDY, {"chains": chains})
        paths = [
            {"one": CELLS[0], "other": other, "seed": seed, "split": "val",
             "runs": [f"{cell}-{seed}" for cell in (CELLS[0], other)], "points": points(depth)}
            for seed, depth in enumerate(depths)
        ]  # fmt: skip
        if paths:
            write_json(tmp_path / BARRIERS, {"paths": paths})
        return TaskStudy(read_chains(tmp_path), source)

    return make


def rows(html):
    found = re.findall(r"<tr>(.*?)</tr>", html, flags=re.DOTALL)
    return [
        [unescape(re.sub(r"<[^>]*>", "", cell)) for cell in re.findall(r"<t[dh].*?</t[dh]>", row)]
        for row in found
    ]


def test_the_barrier_of_every_task_below_its_figure(study):
    html = connection(study(4.0, 6.0), *CELLS)._repr_html_()
    assert html.index("<svg") < html.index("<table")
    assert f"from {CELLS[0]} to {CELLS[1]}" in html
    head, *found = rows(html)
    assert head == ["Task", "Metric", "Barrier", "95 % interval", "Seeds"]
    assert found == [
        ["seg", "mIoU", "5.00", "−7.71 to 17.71", "2"],
        ["det", "mAP50", "0.00", "0.00 to 0.00", "2"],
        ["cls", "top-1", "10.00", "−15.41 to 35.41", "2"],
    ]


@pytest.mark.parametrize("of_other_cells", [False, True])
def test_without_a_path_the_command_that_makes_it_is_told(study, of_other_cells):
    given = study(*([1.0] if of_other_cells else []), other="unknown")
    shown = connection(given, *CELLS)
    command = (
        "python -m trainstudy.multitask.barrier '~/runs/multitask' --one joint "
        "--other 'seg,det,cls ewc'"
    )
    assert repr(shown).endswith(f"has no scores between the ends of joint and {CELLS[1]}; "
                                f"this command makes them: {command}")  # fmt: skip
    assert command in unescape(shown._repr_html_())
    assert "<table" not in shown._repr_html_()


def test_the_command_for_drawn_scenes_says_where_they_are(study, tmp_path):
    told = repr(connection(study(source=DRAWN), *CELLS))
    (place,) = re.findall(r"trainstudy\.multitask\.barrier (\S+) ", told)
    assert (project_root() / place).resolve() == tmp_path.resolve()
    assert told.endswith(" --data-root synthetic")


def test_a_path_between_runs_that_were_replaced_is_not_shown(study, tmp_path):
    given = study(1.0, 2.0)
    stages = [{"stage": "s", "run": "trained-again"}]
    chains = [{"cell": cell, "seed": 0, "stages": stages} for cell in CELLS]
    write_json(tmp_path / STUDY, {"chains": chains})
    assert "<table" not in connection(given, *CELLS)._repr_html_()


def test_a_study_without_chains_has_none():
    shown = connection(TaskStudy([], "nowhere"), *CELLS)
    assert repr(shown).endswith(f"between the ends of joint and {CELLS[1]}.")


def test_a_path_to_a_chain_that_was_left_out_is_not_shown(study):
    given = study(4.0, 6.0)
    kept = replace(given, chains=[chain for chain in given.chains if chain.seed == 0])
    _, seg, *_ = rows(connection(kept, *CELLS)._repr_html_())
    assert (seg[2], seg[4]) == ("4.00", "1")


def test_a_chain_without_stages_has_none():
    shown = connection(TaskStudy([Chain("joint", 0, ())], "nowhere"), *CELLS)
    assert repr(shown).endswith(f"between the ends of joint and {CELLS[1]}.")
