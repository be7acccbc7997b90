import pytest
import torch
from torch.optim.lr_scheduler import StepLR

from trainstudy.training.schedules import parse


def test_equals_torch():
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.01)
    reference = StepLR(optimizer, step_size=30, gamma=0.3)
    schedule = parse("step:every=30,gamma=0.3,floor=0")
    for iteration in range(1, 161):
        assert schedule.rate(0.01, iteration) == pytest.approx(optimizer.param_groups[0]["lr"])
        optimizer.step()
        reference.step()


def test_it_stays_above_its_floor_and_never_above_the_base_rate():
    schedule = parse("step:every=10,floor=1e-3")
    assert [schedule.rate(0.05, at) for at in (1, 11, 21, 31)] == pytest.approx(
        [0.05, 0.005, 1e-3, 1e-3]
    )
    assert schedule.rate(1e-4, 1) == 1e-4


@pytest.mark.parametrize("text", ["step", "step:every=0", "step:every=5,gamma=1"])
def test_a_step_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="the form is step:warmup="):
        parse(text)
