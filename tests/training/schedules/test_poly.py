from itertools import pairwise

import pytest
import torch
from mmengine.optim import PolyLR

from trainstudy.training.schedules import parse


def test_equals_mmengine():
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.01)
    reference = PolyLR(optimizer, eta_min=1e-4, power=0.9, begin=0, end=80, by_epoch=False)
    schedule = parse("poly:end=80,floor=1e-4")
    for iteration in range(1, 161):
        assert schedule.rate(0.01, iteration) == pytest.approx(optimizer.param_groups[0]["lr"])
        optimizer.step()
        reference.step()


def test_a_fresh_decay_of_160_stands_where_the_field_measured_it():
    # mmengine, PolyLR end=160 floor 1e-4: 5.4e-3 at iteration 81
    assert parse("poly:end=160,floor=1e-4").rate(0.01, 81) == pytest.approx(5.4e-3, rel=1e-2)


def test_decreases_to_its_floor_and_stays():
    schedule = parse("poly:end=50,floor=1e-3")
    rates = [schedule.rate(0.1, iteration) for iteration in range(1, 101)]
    assert rates[0] == 0.1
    assert all(a > b for a, b in pairwise(rates[:50]))
    assert set(rates[49:]) == {1e-3}
    assert schedule.floor_from() == 50


def test_a_single_iteration_uses_the_base_rate():
    assert parse("poly:end=1").rate(0.1, 1) == 0.1


def test_mmengine_resumed_for_longer_keeps_the_old_end():
    # why the published extension is the arm "frozen": the stored scheduler overwrites what is asked
    def scheduled(end):
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.01)
        return optimizer, PolyLR(optimizer, eta_min=1e-4, power=0.9, end=end, by_epoch=False)

    first, trained = scheduled(80)
    for _ in range(80):
        first.step()
        trained.step()
    optimizer, resumed = scheduled(160)
    optimizer.load_state_dict(first.state_dict())
    resumed.load_state_dict(trained.state_dict())
    schedule = parse("poly:end=80,floor=1e-4")
    for iteration in range(81, 161):
        assert optimizer.param_groups[0]["lr"] == pytest.approx(schedule.rate(0.01, iteration))
        optimizer.step()
        resumed.step()
