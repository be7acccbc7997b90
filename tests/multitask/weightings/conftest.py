import pytest
import torch
from torch import nn

from trainstudy.multitask.weightings import get

torch.set_num_threads(1)


@pytest.fixture
def make():
    """A maker of weightings by name."""
    return lambda name, tasks=("seg", "det", "cls"), epoch=2: get(name)(tasks, epoch)


@pytest.fixture(scope="session")
def step():
    """A step of a weighting on losses [K] whose gradients are the rows [K,P]: weights, update."""

    def run(weighting, rows, losses=None):
        rows = torch.as_tensor(rows)
        parameter = nn.Parameter(torch.zeros(rows.shape[1]))
        values = torch.ones(len(rows)) if losses is None else torch.as_tensor(losses)
        weights = weighting.backward(values + rows @ parameter, [parameter])
        return weights, parameter.grad

    return run


@pytest.fixture(scope="session")
def gradients():
    """A maker of random gradients [K,P], which conflict where they are many for their size."""

    def draw(seed, count=3, size=4):
        return torch.randn(count, size, generator=torch.Generator().manual_seed(seed))

    return draw
