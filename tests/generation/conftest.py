from dataclasses import replace

import numpy as np
import pytest
import torch

from trainstudy.generation.cyclegan import CycleGAN
from trainstudy.generation.domains import Domains
from trainstudy.generation.tsit import TSIT

torch.set_num_threads(1)  # small steps are slower and erratic on several


@pytest.fixture(params=[CycleGAN, TSIT], ids=lambda kind: kind.__name__)
def translator(request):
    torch.manual_seed(0)
    return request.param(width=2, depth=1)


@pytest.fixture
def pair():
    """A batch of each domain, the target the darker one."""
    draw = torch.Generator().manual_seed(0)
    source, target = torch.rand(2, 2, 3, 32, 32, generator=draw)
    return source, target / 2 - 1


@pytest.fixture
def domains(tiny_set):
    """Unpaired sets of 37x53 pixels; what belongs to the target is below 130, the rest is not."""

    def part(count, seed, dark):
        made = tiny_set(count, size=(40, 56), name=f"{'dusk' if dark else 'day'}{seed}", seed=seed)
        images = made.images // 2 if dark else np.maximum(made.images, 130)
        window = (slice(None), slice(1, -2), slice(1, -2))
        return replace(made, images=images[window], labels=made.labels[window])

    return Domains(part(5, 1, False), part(4, 2, True), part(3, 3, False), part(2, 4, True))
