import os

import numpy as np
import pytest
import torch
from mmengine.logging import MessageHub

from trainstudy.segmentation.mmengine_file import iteration, read


@pytest.fixture
def write(tmp_path):
    def save(content, name="iter_3.pth", **options):
        torch.save(content, tmp_path / name, **options)
        return tmp_path / name

    return save


def content(**more):
    return {"meta": {"iter": 3}, "state_dict": {"weight": torch.arange(4.0)}} | more


class Malicious:
    """What pickle would run on loading: a shell command."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return os.system, (f"touch {self.marker}",)


@pytest.mark.parametrize("weights", [True, False])
@pytest.mark.parametrize("zipped", [True, False])
def test_log_buffers_are_passed_over(write, weights, zipped):
    hub = MessageHub("log")
    hub.update_scalar("train/loss", np.float64(0.5))
    hub.update_info("eta", np.float64(3.0))
    hub.update_info("history", np.arange(3))
    made = content(message_hub=hub.state_dict())
    found = read(write(made, _use_new_zipfile_serialization=zipped), weights=weights)
    assert torch.equal(found["state_dict"]["weight"], torch.arange(4.0))
    buffer = found["message_hub"]["log_scalars"]["train/loss"]
    assert not hasattr(buffer, "__dict__") or not vars(buffer)


def test_nothing_of_the_file_is_run(write, tmp_path):
    marker = tmp_path / "run"
    path = write(content(message_hub=Malicious(marker)))
    with pytest.raises(ValueError, match=r"iter_3.pth: holds an object of type posix.system; only"):
        read(path)
    assert not marker.exists()


@pytest.mark.parametrize("size", [0, 1, 100, 0.5, 0.99])
def test_a_truncated_file_is_refused_by_name(write, size):
    path = write(content())
    whole = path.read_bytes()
    path.write_bytes(whole[: size if isinstance(size, int) else int(size * len(whole))])
    for weights in (True, False):
        with pytest.raises(ValueError, match=r"iter_3.pth: damaged"):
            read(path, weights=weights)


@pytest.mark.parametrize("other", [[1, 2], {"model": {}}, {"state_dict": {"weight": "heavy"}}])
def test_what_is_no_checkpoint_is_refused(write, other):
    with pytest.raises(ValueError, match=r"iter_3.pth: .*no state_dict of tensors"):
        read(write(other))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none.pth"):
        read(tmp_path / "none.pth")


@pytest.mark.parametrize("meta", [{}, {"iter": "3"}, {"iter": -1}, None])
def test_an_iteration_is_never_guessed(write, meta):
    path = write(content(meta=meta))
    with pytest.raises(ValueError, match=r"iter_3.pth: its meta holds no iteration"):
        iteration(path, read(path))
