import shutil

import pytest

from trainstudy.runs.record import METRICS, MetricsLog
from trainstudy.training import checkpoint
from trainstudy.training.finished import is_intact


@pytest.fixture
def run(tmp_path):
    """A folder whose training ended at iteration 4, and went on for a while."""
    with MetricsLog(tmp_path / METRICS) as log:
        log.append(4, "val", mIoU=1.0)
        checkpoint.save(tmp_path / "checkpoints", 4, {"model": {}}, {"metrics_bytes": log.commit()})
        log.append(5, "train", loss=1.0)
    return tmp_path


def test_what_lies_where_it_was_written_is_intact(run):
    assert is_intact(run, 4)


def test_a_checkpoint_that_was_deleted_is_no_fault(run):
    shutil.rmtree(run / "checkpoints" / "iter_4")
    assert is_intact(run, 4)


@pytest.mark.parametrize(
    "file", ["checkpoints/iter_4/model.safetensors", "checkpoints/iter_4/checkpoint.json", METRICS]
)
def test_what_is_cut_short_or_gone_is_not(run, file):
    content = (run / file).read_bytes()
    (run / file).write_bytes(content[:5])
    assert not is_intact(run, 4)
    (run / file).unlink()
    assert not is_intact(run, 4)
