"""What every translator must hold, whatever its method."""

import pytest
import torch
from torch import nn

from trainstudy.generation._translator import held


def gradients(translator) -> dict[str, bool]:
    """Whether a gradient has reached each parameter, by name."""
    named = translator.named_parameters()
    return {name: p.grad is not None and bool(p.grad.any()) for name, p in named}


def test_an_image_keeps_its_size_and_stays_in_range(translator, pair):
    source, target = pair
    for height, width in ((32, 32), (32, 48)):
        made = translator(source.repeat(1, 1, 1, 2)[..., :height, :width], target)
        assert made.shape == (2, 3, height, width)
        assert made.abs().max() <= 1


def test_each_part_of_the_loss_reaches_its_own_side_alone(translator, pair):
    parts = translator.losses(*pair)
    assert parts.keys() == translator.weights.keys()
    for part in parts:
        translator.zero_grad()
        translator.losses(*pair)[part].backward()
        found = gradients(translator)
        critics = {reached for name, reached in found.items() if "critic" in name}
        others = {reached for name, reached in found.items() if "critic" not in name}
        if part == "discriminator":
            assert others == {False}
            assert True in critics
        else:
            assert critics == {False}
            assert True in others


def test_the_sum_trains_every_parameter_that_the_optimizer_has(translator, pair):
    translator.loss(*pair).backward()
    assert all(p.grad is not None for p in translator.parameters())
    trained = [p for group in translator.optimizer(0.1).param_groups for p in group["params"]]
    assert {id(p) for p in trained} == {id(p) for p in translator.parameters()}
    assert len(trained) == len(list(translator.parameters()))


def test_the_loss_is_the_weighted_sum_of_its_parts(translator, pair):
    translator.eval()  # no power iteration between the two
    parts = translator.losses(*pair)
    total = sum(translator.weights[name] * part.item() for name, part in parts.items())
    assert translator.loss(*pair).item() == pytest.approx(total, rel=1e-5)


@pytest.mark.parametrize("crop", [8, 16])
def test_the_least_size_is_one_that_trains(translator, crop):
    side = translator.least
    translator.loss(*torch.rand(2, 1, 3, side, side)).backward()
    with pytest.raises((ValueError, RuntimeError)):
        translator.loss(*torch.rand(2, 1, 3, crop, crop))


def test_a_held_module_passes_gradients_and_takes_none():
    module, inputs = nn.Linear(3, 2), torch.rand(4, 3, requires_grad=True)
    outputs = held(module, inputs)
    assert torch.equal(outputs, module(inputs))
    outputs.sum().backward()
    assert inputs.grad is not None
    assert inputs.grad.abs().sum() > 0
    assert all(p.grad is None for p in module.parameters())
