import json
import re
from dataclasses import replace
from html import unescape

import pytest

from trainstudy.analysis.multitask.scores import frame
from trainstudy.book import task_study as chapter
from trainstudy.book.task_study import JointVsSequential, TaskStudy, open_tasks
from trainstudy.parameters import ParameterError
from trainstudy.runs.chains import Chain
from trainstudy.runs.record import METRICS, RUN, STUDY, TESTS
from trainstudy.tasks import TASKS


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
def study(tmp_path):
    """Of photographs: all stages have one record."""
    (tmp_path / RUN).write_text(json.dumps({"data": {"train seg": {"name": "photos/train"}}}))
    found = TaskStudy(
        [
            Chain(cell, seed, tuple((name, tmp_path) for name, _ in stages))
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


def test_runs_on_drawn_scenes_reproduce_no_claim_wherever_they_were_trained(study, tmp_path):
    data = {"train seg": {"name": "photos/train"}, "val det": {"name": "synthetic_det/val"}}
    (tmp_path / RUN).write_text(json.dumps({"data": data}))
    assert study.drawn
    found = chapter.claims(study)
    assert found["reproduced"].isna().all()
    assert found["recomputed"].notna().any()


@pytest.mark.parametrize("runs", ["/no/such/place", "tests", "README.md"])
def test_a_folder_without_a_study_is_told_by_the_parameter(runs):
    with pytest.raises(ParameterError, match="parameter 'runs': "):
        open_tasks(JointVsSequential.checked(runs=runs))


ENDS = {"joint": [[40.0, 20.0, 70.0]], "seg,det,cls": [[40, 0, 0], [30, 20, 0], [20, 10, 80]]}


@pytest.fixture
def opened(task_study, tmp_path):
    """opened(): the study of ``ENDS`` with two seeds, from its folder."""
    task_study(ENDS, seeds=(0, 1))
    return lambda: open_tasks(JointVsSequential(runs=str(tmp_path)))


def damage(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_of_a_sound_study_nothing_is_left_out(opened):
    assert opened().faults == ()
    assert "Left out" not in chapter.overview(opened())._repr_html_()


@pytest.mark.parametrize(
    ("name", "old", "new", "line"),
    [
        (RUN, "{", "", 1),
        (RUN, '"iteration"', '"iterations"', None),
        (METRICS, '"top1"', '"top"', 2),
        (METRICS, '"kind"', "kind", 1),
        (METRICS, ": 41.0", ': "41.0"', 3),
        (TESTS, "{", "", 1),
        (TESTS, "}\n", "}", 1),
    ],
)
def test_an_unsound_run_is_listed_and_the_others_are_read(
    opened, tmp_path, rows, name, old, new, line
):
    damage(tmp_path / "0-0-1" / name, old, new)
    study = opened()
    assert [(chain.cell, chain.seed) for chain in study.chains] == [
        ("joint", 0), ("seg,det,cls", 0), ("seg,det,cls", 1),
    ]  # fmt: skip
    (fault,) = study.faults
    assert fault[:2] == (tmp_path / "0-0-1" / name, line)
    shown = rows(chapter.overview(study))[-1]
    assert shown[:3] == ["joint, seed 1", f"0-0-1/{name}", str(line) if line else "–"]
    assert fault.reason in repr(chapter.overview(study))
    seeds = {row[0]: row[-1] for row in rows(chapter.final_scores(study))}
    assert (seeds["joint"], seeds["seg,det,cls"]) == ("1", "2")


@pytest.mark.parametrize("name", [RUN, METRICS, TESTS])
def test_a_lost_file_is_listed(opened, tmp_path, name):
    (tmp_path / "1-2-0" / name).unlink()
    assert [fault.chain for fault in opened().faults] == ["seg,det,cls, seed 0"]


def test_without_a_sound_chain_the_first_fault_is_told(opened, tmp_path):
    for path in tmp_path.glob(f"*/{METRICS}"):
        path.write_text("")
    with pytest.raises(ParameterError, match=r"'runs': .*metrics.jsonl: .* \(and 3 more\)"):
        opened()


@pytest.mark.parametrize(
    ("chains", "told"),
    [
        ([], "no chain is trained to its end yet"),
        ([{"cell": "joint", "seed": 0, "stages": []}], "study.json: .*joint.* no stages"),
    ],
)
def test_a_study_without_chains_is_told_by_the_parameter(opened, tmp_path, chains, told):
    (tmp_path / STUDY).write_text(json.dumps({"chains": chains}))
    with pytest.raises(ParameterError, match=f"parameter 'runs': .*{told}"):
        opened()


def test_trainings_without_a_study_are_opened_by_their_records(opened, tmp_path):
    for path in tmp_path.glob(f"*/{RUN}"):
        record, (place, stage, seed) = json.loads(path.read_text()), path.parent.name.split("-")
        way = ["seg+det+cls"] if place == "0" else ["seg", "det", "cls"]
        record["spec"] |= {
            "stage": ">".join(way[: int(stage) + 1]), "seed": int(seed), "schedule": "constant",
        }  # fmt: skip
        sums = [{"model": f"{place}-{other}-{seed}"} for other in range(int(stage) + 1)]
        record |= {
            "checkpoint": {"sha256": sums.pop()}, "replicate_of": f"{place}-{stage}",
            "inputs": {"earlier": [{"sha256": one} for one in sums]},
            "starts_from": [one["model"] for one in sums],
        }  # fmt: skip
        path.write_text(json.dumps(record))
    listed = opened()
    (tmp_path / STUDY).unlink()
    found = opened()
    assert found.cells == ["single:seg", "joint", "seg,det,cls", "seg,det"]
    kept = found.scores["cell"].isin(listed.scores["cell"])
    key = ["cell", "seed", "stage", "split", "iteration", "task"]
    same = [one.sort_values(key, ignore_index=True) for one in (found.scores[kept], listed.scores)]
    assert same[0].equals(same[1])


def test_the_course_judges_sequences_alone_and_tells_what_it_allows():
    found = open_tasks(JointVsSequential())
    assert "joint stopping=best" in set(found.scores["cell"]), "a cell that no chain has"
    allowed, others = found.course[True], found.course[False]
    assert {"course", "seg,det,cls replay=10"} <= set(allowed["cell"])
    assert {"seg,det,cls replay=all", "cls,seg,det"} <= set(others["cell"])
    assert {*allowed["cell"], *others["cell"]} == set(found.sequences)
    assert TaskStudy([], "").course == {}
