from pathlib import Path

import pytest

from trainstudy.parameters import ParameterError
from trainstudy.paths import project_root
from trainstudy.training.parameters import TrainingParameters


def test_runs_go_to_the_project_unless_told_otherwise():
    assert TrainingParameters.checked().runs == project_root() / "runs"
    assert TrainingParameters.checked(runs_root="~/mine").runs == Path.home() / "mine"


@pytest.mark.parametrize("device", ["auto", "cpu", "cuda", "cuda:1"])
def test_devices_are_named_as_torch_names_them(device):
    assert TrainingParameters.checked(device=device).device == device


@pytest.mark.parametrize(
    "wrong", [{"device": "gpu"}, {"device": "cuda:"}, {"seed": -1}, {"resume": "yes"}, {"sed": 0}]
)
def test_what_is_not_accepted_is_named(wrong):
    with pytest.raises(ParameterError, match=next(iter(wrong))):
        TrainingParameters.checked(**wrong)
