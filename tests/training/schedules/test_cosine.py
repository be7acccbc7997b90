import pytest
import torch
from mmengine.optim import CosineAnnealingLR

from trainstudy.training.schedules import parse


def test_equals_mmengine():
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.01)
    reference = CosineAnnealingLR(optimizer, eta_min=1e-4, T_max=79, end=80, by_epoch=False)
    schedule = parse("cosine:end=80,floor=1e-4")
    for iteration in range(1, 161):
        assert schedule.rate(0.01, iteration) == pytest.approx(optimizer.param_groups[0]["lr"])
        optimizer.step()
        reference.step()


def test_halfway_it_stands_between_base_and_floor():
    assert parse("cosine:end=101,floor=0.02").rate(0.1, 51) == pytest.approx(0.06)


def test_a_single_iteration_uses_the_base_rate():
    assert parse("cosine:end=1").rate(0.1, 1) == pytest.approx(0.1)


def test_its_end_has_no_default():
    with pytest.raises(ValueError, match=r"end: .*required; the form is cosine:warmup=...,end="):
        parse("cosine")
