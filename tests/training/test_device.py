import pytest
import torch

from trainstudy.training.device import describe, device_of, settle


@pytest.mark.parametrize("there", [True, False])
def test_a_gpu_is_taken_where_there_is_one_and_never_made_up(monkeypatch, there):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: there)
    assert device_of("auto") == ("cuda" if there else "cpu")
    assert device_of("cpu") == describe("cpu") == "cpu"
    if there:
        assert device_of("cuda:1") == "cuda:1"
        return
    for asked in ("cuda", "cuda:1"):
        with pytest.raises(ValueError, match=f"parameter 'device': '{asked}' asked for"):
            device_of(asked)


def test_sums_do_not_depend_on_how_many_threads_there_were():
    torch.set_num_threads(2)
    settle("cpu")
    assert torch.get_num_threads() == 1
