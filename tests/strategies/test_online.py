"""What holds for every on-line strategy, whatever it does to an image."""

import sys

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from trainstudy.strategies import STRATEGIES, get
from trainstudy.strategies._partners import partners

ONLINE = [name for name in STRATEGIES if name.startswith("std_")]
MIXING = ("std_cutmix", "std_mixup")
COUNT = 12

pytestmark = pytest.mark.parametrize("name", ONLINE)


def differing(first, second):
    return (first != second).flatten(1).any(1)


def test_keeps_shapes_types_classes_and_its_inputs(name, batch, draws):
    images, labels = batch(COUNT)
    before = images.clone(), labels.clone()
    seen = get(name).augment(images, labels, draws(COUNT))
    assert torch.equal(images, before[0])
    assert torch.equal(labels, before[1])
    assert (seen.images.shape, seen.images.dtype) == (images.shape, torch.uint8)
    assert seen.labels.dtype == torch.uint8
    assert set(seen.labels.unique().tolist()) <= {0, 1, 2, 255}
    if seen.weights is None:
        assert seen.labels.shape == labels.shape
    else:
        assert seen.labels.shape == (COUNT, 2, 32, 32)
        assert torch.allclose(seen.weights.sum(1), torch.ones(COUNT))
    assert differing(seen.images, images).float().mean() > 0.5


def test_the_same_draws_give_the_same_batch(name, batch, draws):
    first, same, other = (get(name).augment(*batch(COUNT), draws(COUNT, s)) for s in (0, 0, 1))
    assert torch.equal(first.images, same.images)
    assert torch.equal(first.labels, same.labels)
    assert not torch.equal(first.images, other.images)


@pytest.mark.parametrize("row", [0, 5, COUNT - 1])
def test_each_image_follows_its_own_generator(name, row, batch, draws):
    expected = get(name).augment(*batch(COUNT), draws(COUNT))
    changed = torch.zeros(COUNT, dtype=torch.bool)
    for seed in range(1, 5):
        drawn = draws(COUNT)
        drawn[row] = np.random.default_rng(seed)
        changed |= differing(get(name).augment(*batch(COUNT), drawn).images, expected.images)
    assert changed.nonzero().flatten().tolist() == [row]


def test_an_image_depends_on_no_other_but_its_partner(name, batch, draws):
    partner = partners(draws(COUNT)) if name in MIXING else list(range(COUNT))
    expected = get(name).augment(*batch(COUNT), draws(COUNT))
    for row in range(COUNT):
        images, labels = batch(COUNT)
        images[row], labels[row] = 255 - images[row], 2
        seen = get(name).augment(images, labels, draws(COUNT))
        touched = differing(seen.images, expected.images) | differing(seen.labels, expected.labels)
        assert set(touched.nonzero().flatten().tolist()) <= {
            place for place in range(COUNT) if row in (place, partner[place])
        }


class _Watch(TorchDispatchMode):
    """Refuses what makes the host wait for a device: values read back, sizes not yet known."""

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        assert function.overloadpacket not in (
            torch.ops.aten._local_scalar_dense,
            torch.ops.aten.nonzero,
            torch.ops.aten.masked_select,
        )
        if function.overloadpacket in (torch.ops.aten.index, torch.ops.aten.index_put_):
            assert all(index is None or index.dtype == torch.long for index in args[1])
        return function(*args, **(kwargs or {}))


def test_asks_nothing_of_the_device(name, batch, draws):
    images, labels = batch(COUNT)
    with _Watch():
        get(name).augment(images, labels, draws(COUNT))


def test_every_constant_is_an_effective_input(name, monkeypatch):
    strategy = get(name)
    module = sys.modules[type(strategy).__module__]
    constants = [word for word in vars(module) if word.isupper() and word != "STRATEGY"]
    assert constants
    for constant in constants:
        before, value = strategy.effective(), getattr(module, constant)
        with monkeypatch.context() as patch:
            patch.setattr(module, constant, value + 1 if isinstance(value, int | float) else ())
            assert strategy.effective() != before, constant
