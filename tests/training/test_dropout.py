import pytest
import torch
from torch import nn

from trainstudy.training import dropout


class DropPath(nn.Module):
    """Stands for mmcv's and timm's, which go by this name."""

    def __init__(self, drop_prob):
        super().__init__()
        self.drop_prob = drop_prob


def network(*layers):
    module = nn.Sequential(nn.Linear(4, 4), *layers)
    stream = dropout.install(module)
    return module.train(), stream


def mask(layer, inputs):
    return layer(torch.ones_like(inputs)) != 0


@pytest.mark.parametrize(
    ("layer", "dimensions"), [(nn.Dropout(0.3), 4), (nn.Dropout2d(0.3), 2), (DropPath(0.3), 1)]
)
def test_drops_what_the_layer_it_replaces_drops(layer, dimensions):
    module, stream = network(layer)
    stream.set(0, 1)
    inputs = torch.ones(64, 20, 6, 6)
    out = module[1](inputs)
    kept = out != 0
    assert torch.equal(kept, kept[..., *[slice(1)] * (4 - dimensions)].expand_as(kept))
    torch.testing.assert_close(out[kept], torch.full_like(out[kept], 1 / 0.7))
    assert kept.float().mean() == pytest.approx(0.7, abs=0.15 if dimensions == 1 else 0.03)
    assert torch.equal(module.eval()[1](inputs), inputs)


def test_masks_follow_from_seed_iteration_layer_and_place_alone():
    module, stream = network(nn.Dropout(0.5), nn.Dropout(0.5))
    inputs = torch.ones(8, 100)

    def masks(seed, iteration):
        stream.set(seed, iteration)
        torch.rand(7)  # other draws in between change nothing
        return [mask(layer, inputs) for layer in module[1:]]

    first, again = masks(0, 5), masks(0, 5)
    assert all(map(torch.equal, first, again))
    for other in (masks(1, 5), masks(0, 6), first[::-1]):
        agreement = (first[0] == other[0]).float().mean()
        assert 0.4 < agreement < 0.6


def test_half_a_batch_gets_its_half_of_the_masks():
    whole, stream = network(nn.Dropout2d(0.5))
    part, second = network(nn.Dropout2d(0.5))
    second.first_row = 4
    for one in (stream, second):
        one.set(3, 9)
    inputs = torch.ones(8, 50, 1, 1)
    assert torch.equal(mask(whole[1], inputs)[4:], mask(part[1], inputs[4:]))


def test_numbers_are_uniform_and_unrelated():
    stream = dropout.Stream(torch.device("cpu"))
    stream.set(0, 1)
    numbers = stream.uniform((1000, 100), layer=0)
    assert numbers.min() >= 0
    assert numbers.max() < 1
    histogram = torch.histc(numbers, 20, 0, 1) / 5000
    torch.testing.assert_close(histogram, torch.ones(20), atol=0.06, rtol=0)
    rows = torch.corrcoef(numbers[:50])
    assert rows.fill_diagonal_(0).abs().max() < 0.5


def test_installing_twice_keeps_the_layers_and_their_stream():
    module, stream = network(nn.Dropout(0.5))
    layer = module[1]
    assert dropout.install(module) is stream
    assert module[1] is layer
