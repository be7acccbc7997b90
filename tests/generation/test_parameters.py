import pytest

from trainstudy.generation.parameters import TrainCycleGAN, TrainTSIT
from trainstudy.parameters import ParameterError


@pytest.mark.parametrize("model", [TrainCycleGAN, TrainTSIT])
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"dataset": "bdd"}, "parameter 'dataset': no unpaired sets of it; accepted: camvid, str"),
        ({"target": "dusk"}, "parameter 'target': .*; accepted: foggy, rainy, snowy, night"),
        ({"dataset": "camvid", "target": "night"}, "accepted: dusk"),
        ({"dataset": "camvid", "target": "dusk", "data_root": "/nowhere"}, "'data_root': .*nowhe"),
        ({"schedule": "linear"}, "parameter 'schedule': unknown schedule 'linear'"),
        ({"crop": [64]}, "parameter 'crop'"),
        ({"widht": 8}, r"unknown parameter 'widht' \(did you mean 'width'\?\)"),
    ],
)
def test_wrong_parameters_are_named(model, given, message):
    with pytest.raises(ParameterError, match=message):
        model.checked(**given)


def test_where_a_training_runs_and_stops_is_no_input_of_it():
    base = TrainTSIT.checked()
    for given in (
        {"until": 7},
        {"interval": 3},
        {"resume": False},
        {"out": "x"},
        {"device": "cpu"},
    ):
        assert TrainTSIT.checked(**given).effective() == base.effective()
    for given in ({"seed": 1}, {"width": 3}, {"crop": [32, 32]}, {"schedule": "poly"}):
        assert TrainTSIT.checked(**given).effective() != base.effective()
    assert TrainCycleGAN.checked(depth=base.depth).effective() != base.effective()
