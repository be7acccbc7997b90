import pytest

from trainstudy.parameters import ParameterError
from trainstudy.segmentation.parameters import TrainSegmentation


def test_defaults_need_no_data_and_no_gpu():
    parameters = TrainSegmentation.checked()
    assert parameters.schedule == "constant:warmup=0"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"strategi": "none"}, r"unknown parameter 'strategi' \(did you mean 'strategy'\?\)"),
        (
            {"strategy": "std_randaug"},
            r"'strategy': unknown strategy 'std_randaug'; accepted: .*none",
        ),
        ({"dataset": "city"}, r"'dataset': unknown dataset; accepted: camvid, streets"),
        ({"model": "segformer"}, r"'model': unknown model 'segformer'; accepted: "),
        ({"schedule": "poli"}, r"'schedule': unknown schedule 'poli'; accepted: constant, "),
        ({"until": 1.5}, r"'until': Input should be a valid integer \(got 1.5\)"),
        ({"until": "240"}, r"'until': Input should be a valid integer \(got '240'\)"),
        ({"until": True}, r"'until': Input should be a valid integer"),
        ({"until": 0}, r"'until': Input should be greater than 0"),
        ({"resume": "yes"}, r"'resume': Input should be a valid boolean"),
        ({"seed": -1}, r"'seed': "),
        ({"device": "gpu"}, r"'device': "),
        ({"crop": [64]}, r"'crop': "),
        ({"learning_rate": float("inf")}, r"'learning_rate': .*finite number"),
        ({"schedule": "poly:floor=inf"}, r"'schedule': .*floor: .*finite number"),
        ({"precision": "fp8"}, r"'precision': .*'float32' or 'bfloat16'"),
    ],
)
def test_a_wrong_parameter_is_named(values, message):
    with pytest.raises(ParameterError, match=message):
        TrainSegmentation.checked(**values)


def test_a_missing_data_folder_is_named_before_any_work(tmp_path, monkeypatch):
    monkeypatch.delenv("TRAINSTUDY_DATA_ROOT", raising=False)
    with pytest.raises(ParameterError, match=r"'data_root': .*set data_root, or the environment"):
        TrainSegmentation.checked(dataset="camvid")
    with pytest.raises(ParameterError, match=r"'data_root': .*there is no .*manifest.csv"):
        TrainSegmentation.checked(dataset="camvid", data_root=str(tmp_path))


def test_all_faults_are_told_at_once():
    with pytest.raises(ParameterError) as caught:
        TrainSegmentation.checked(until=0, seeds=1, strategy="x")
    assert len(str(caught.value).splitlines()) == 3
