import json

import numpy as np
import pytest

from trainstudy.runs.chains import Chain
from trainstudy.runs.record import METRICS, RUN
from trainstudy.runs.task_costs import COLUMNS, costs


@pytest.fixture
def run(tmp_path):
    """run(iterations, start, ...) -> the folder of a run with these starts, 16 images each."""

    def write(iterations, *starts):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        whole = [{"device": "gpu", "gpus": 1, **start} for start in starts]
        (folder / RUN).write_text(json.dumps({"iteration": iterations, "starts": whole}))
        row = {"iteration": iterations, "kind": "exposure", "real": 16 * iterations, "generated": 0}
        (folder / METRICS).write_text(json.dumps(row) + "\n")
        return folder

    return write


def test_the_stages_of_a_chain_add_up(run):
    first = run(10, {"seconds": 4.0, "joules": 40.0, "beside": 1})
    second = run(
        20, {"seconds": 3.0, "joules": 30.0}, {"seconds": 2.0, "gpus": 2, "joules": 20.0}
    )  # absent: alone
    found = costs([Chain("both", 3, (("seg", first), ("seg>det", second)))])
    assert found.columns.tolist() == COLUMNS
    assert found.iloc[0].tolist() == ["both", 3, 30, 480, 11, 90, 1, "gpu"]


def test_one_stage_that_shared_its_device_is_told(run):
    stages = [run(1, {"seconds": 1.0, "joules": 1.0, "beside": beside}) for beside in (1, 8)]
    found = costs([Chain("both", 0, tuple(("", stage) for stage in stages))])
    assert found["beside"].tolist() == [8]


def test_what_a_start_does_not_tell_is_not_guessed(run):
    killed = run(5, {"seconds": None, "joules": None}, {"seconds": 2.0, "joules": 3.0})
    quiet = run(5, {"seconds": 2.0, "joules": None, "device": "cpu"})
    found = costs([Chain("a", 0, (("", killed),)), Chain("b", 0, (("", quiet),))])
    np.testing.assert_array_equal(found["seconds"], [np.nan, 2])
    assert found["joules"].isna().all()
    assert costs([]).columns.tolist() == COLUMNS
