import json

import pytest

from trainstudy.runs.chains import read_chains, scores
from trainstudy.runs.record import METRICS, RUN, TESTS


def write_run(folder, name, tasks, until, every):
    """A run whose scores tell the iteration: mIoU is it, mAP50 twice, top1 three times."""
    run = folder / name
    run.mkdir()
    (run / RUN).write_text(json.dumps({"iteration": until, "spec": {"tasks": tasks}}))
    rows = [row(at, "val") for at in range(every, until + 1, every)]
    (run / METRICS).write_text("".join(rows))
    (run / TESTS).write_text(row(until, "val", split="test") + '{"torn')


def row(at, kind, **more):
    measures = {"mIoU": at, "mAP50": 2 * at, "mAP": 0.0, "top1": 3 * at}
    return json.dumps({"iteration": at, "kind": kind, **measures, **more}) + "\n"


@pytest.fixture
def study(tmp_path):
    write_run(tmp_path, "first", ["seg"], 10, 5)
    write_run(tmp_path, "second", ["det", "cls"], 6, 2)
    stages = [{"stage": "seg", "run": "first"}, {"stage": "seg>det+cls", "run": "second"}]
    chains = [
        {"cell": "both", "seed": 4, "stages": stages},
        {"cell": "one", "seed": 4, "stages": stages[:1]},
    ]
    (tmp_path / "study.json").write_text(json.dumps({"chains": chains}))
    return tmp_path


def test_scores_are_placed_within_their_stage_and_their_chain(study):
    found = scores(read_chains(study))
    both = found[(found["cell"] == "both") & (found["split"] == "val")]
    seg = both[both["task"] == "seg"]
    assert seg["iteration"].tolist() == [5, 10, 2, 4, 6]
    assert seg["total"].tolist() == [5, 10, 12, 14, 16]
    assert seg["score"].tolist() == [5, 10, 2, 4, 6]
    assert seg["boundary"].tolist() == [False, True, False, False, True]
    assert set(both["trained"]) == {"seg", "det+cls"}
    assert both.loc[both["task"] == "cls", "score"].tolist() == [15, 30, 6, 12, 18]
    tested = found[(found["cell"] == "both") & (found["split"] == "test")]
    assert len(tested) == 2 * 3
    assert tested["boundary"].all()
    shared = found[found["cell"] == "one"].drop(columns="cell").reset_index(drop=True)
    first = found[(found["cell"] == "both") & (found["stage"] == 0)]
    assert shared.equals(first.drop(columns="cell").reset_index(drop=True))


@pytest.mark.parametrize("content", ["{", "{}", '{"chains": [{}]}', '{"chains": [{"cell": 1}]}'])
def test_a_study_that_is_none_is_told_with_its_file(tmp_path, content):
    (tmp_path / "study.json").write_text(content)
    with pytest.raises(ValueError, match=r"study\.json: "):
        read_chains(tmp_path)
