import re
from dataclasses import replace
from html import unescape

import pytest

from trainstudy.analysis.multitask.scores import TASKS, frame
from trainstudy.book import task_study as chapter
from trainstudy.book.task_study import JointVsSequential, TaskStudy, open_tasks
from trainstudy.parameters import ParameterError
from trainstudy.runs.chains import Chain


def cells(html):
    """The rows of a table as the page shows them."""
    rows = re.findall(r"<tr>(.*?)</tr>", html._repr_html_(), flags=re.DOTALL)
    return [
        [unescape(re.sub(r"<[^>]*>", "", cell)) for cell in re.findall(r"<t[dh].*?</t[dh]>", row)]
        for row in rows
    ]


def score(cell, seed, stage, task):
    """Joint: 60 each. Sequential: 70 after its own stage, 10 points less after each later one."""
    if cell == "joint":
        return 60.0 + seed
    own = TASKS.index(task)
    return 5.0 if stage < own else 70.0 + seed - 10 * (stage - own)


def rows(cell, seed, stages):
    for stage, (name, trained) in enumerate(stages):
        for at in (5, 10):
            for task in TASKS:
                yield {
                    "cell": cell, "seed": seed, "stage": stage, "stage_name": name,
                    "trained": trained, "iteration": at, "total": 10 * stage + at, "split": "val",
                    "task": task, "score": score(cell, seed, stage, task), "boundary": at == 10,
                }  # fmt: skip


WAYS = {
    "joint": [("seg+det+cls", "seg+det+cls")],
    "seg,det,cls": [("seg", "seg"), ("seg>det", "det"), ("seg>det>cls", "cls")],
}


@pytest.fixture
def study():
    found = TaskStudy(
        [
            Chain(cell, seed, tuple((name, None) for name, _ in stages))
            for cell, stages in WAYS.items()
            for seed in (0, 1)
        ],
        "made up",
    )
    table = [
        row for chain in found.chains for row in rows(chain.cell, chain.seed, WAYS[chain.cell])
    ]
    found.__dict__["scores"] = frame(table)
    return found


def test_final_scores_stand_with_their_intervals(study):
    _, joint, sequence = cells(chapter.final_scores(study))
    assert joint[0] == "joint"
    assert joint[1].startswith("60.5 (")
    assert [text.partition(" ")[0] for text in sequence[1:4]] == ["50.5", "60.5", "70.5"]
    assert (joint[4], sequence[4], joint[5]) == ("10", "30", "2")


def test_the_first_sequence_is_shown_and_none_where_there_is_none(study):
    assert set(study.sequence["cell"]) == {"seg,det,cls"}
    assert len(study.r_matrix) == 9
    alone = TaskStudy([chain for chain in study.chains if chain.cell == "joint"], "made up")
    alone.__dict__["scores"] = study.scores[study.scores["cell"] == "joint"]
    assert alone.alike == []
    assert alone.sequence.empty
    assert alone.r_matrix.empty


def test_sequences_that_go_one_way_are_told_from_others(task_study):
    ends = [[9, 0, 0], [5, 5, 0], [2, 2, 9]]
    cells = dict.fromkeys(["seg,det,cls", "det,seg,cls", "seg,det,cls lwf", "cls,det,seg"], ends)
    found = task_study({"joint": [[5, 5, 5]], "joint weighting=equal": [[5, 5, 5]], **cells,
                        "single:seg": [[9, 0, 0]]})  # fmt: skip
    assert found.alike == ["seg,det,cls", "seg,det,cls lwf"]
    assert found.ways == ["joint", "seg,det,cls", "det,seg,cls", "cls,det,seg"]
    assert found.remedies["seg,det,cls lwf"] == "lwf"
    assert found.costs.set_index("cell").loc["seg,det,cls", "iterations"] == 30


def test_the_reports_claims_are_checked_against_the_runs(study):
    found = chapter.claims(study)
    assert found["reproduced"].notna().any()
    assert set(found.loc[found["reproduced"].notna(), "seeds"]) == {2.0}
    assert set(chapter.CENTRAL) <= set(found["id"])
    drawn = replace(study, source=chapter.DRAWN)
    drawn.__dict__["scores"] = study.scores
    drawn = chapter.claims(drawn)
    assert drawn["reproduced"].isna().all()
    assert drawn["recomputed"].notna().any()


@pytest.mark.parametrize("runs", ["/no/such/place", "tests"])
def test_a_folder_without_a_study_is_told_by_the_parameter(runs):
    with pytest.raises(ParameterError, match="parameter 'runs': "):
        open_tasks(JointVsSequential.checked(runs=runs))


def test_the_course_judges_sequences_alone_and_tells_what_it_allows():
    found = open_tasks(JointVsSequential())
    assert "joint stopping=best" in set(found.scores["cell"]), "a cell that no chain has"
    allowed, others = found.course[True], found.course[False]
    assert {"course", "seg,det,cls replay=10"} <= set(allowed["cell"])
    assert {"seg,det,cls replay=all", "cls,seg,det"} <= set(others["cell"])
    assert {*allowed["cell"], *others["cell"]} == set(found.sequences)
    assert TaskStudy([], "").course == {}
