import pytest
import torch

from trainstudy import data
from trainstudy.data.segmentation_set import SegmentationData
from trainstudy.segmentation.models import load_openmm

load_openmm()  # once, here: its imports warn of things no test is about
torch.set_num_threads(1)


@pytest.fixture
def tiny_data(tiny_set, monkeypatch):
    """A tiny set that stands for every data set."""
    # mmengine lays out its configuration and collects garbage several times a Runner
    monkeypatch.setattr("yapf.yapflib.yapf_api.FormatCode", lambda text, **_: (text, True))
    monkeypatch.setattr("gc.collect", lambda: 0)
    sets = SegmentationData(tiny_set(8), tiny_set(4, seed=9), crop=(32, 48))
    monkeypatch.setattr(data, "load", lambda *_: sets)
    return sets
