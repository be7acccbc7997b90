from copy import deepcopy

import pytest
import torch

from trainstudy.multitask._timm import timm
from trainstudy.multitask.backbones import BACKBONES, build_backbone
from trainstudy.multitask.folding import Absorbed, FoldedConvolution, fold

IMAGES = torch.rand(2, 3, 70, 101, generator=torch.Generator().manual_seed(1)) * 2 - 1


def made(name="efficientnet_lite0", weights=True):
    torch.manual_seed(0)
    return build_backbone(name, weights).eval()


def pair(name="efficientnet_lite0"):
    """A backbone, and a copy of it with folded norms."""
    plain = made(name)
    folded = deepcopy(plain)
    fold(folded)
    return plain, folded


def assert_near(found, expected, share=1e-4):
    """But for rounding, which scales with the largest value."""
    scale = float(expected.detach().abs().max())
    torch.testing.assert_close(found, expected, rtol=share, atol=share * scale)


def gradients(backbone):
    backbone.zero_grad()
    sum(level.square().mean() for level in backbone(IMAGES)).backward()
    return {name: p.grad for name, p in backbone.named_parameters()}


@pytest.mark.parametrize("name", BACKBONES)
def test_every_norm_is_folded_and_the_function_stays(name):
    plain, folded = pair(name)
    kinds = [type(layer) for layer in folded.modules()]
    norms = sum(isinstance(m, timm.layers.BatchNormAct2d) for m in plain.modules())
    assert kinds.count(FoldedConvolution) == kinds.count(Absorbed) == norms > 30
    for one, other in zip(plain(IMAGES), folded(IMAGES), strict=True):
        assert_near(other, one)


def test_parameters_keep_their_names_and_their_gradients():
    plain, folded = pair()
    assert list(plain.state_dict()) == list(folded.state_dict())
    one, other = gradients(plain), gradients(folded)
    assert list(one) == list(other)
    for name, value in one.items():
        assert value is not None
        assert_near(other[name], value, 1e-3)


def test_weights_that_are_loaded_later_are_the_ones_that_count():
    plain, folded = pair()
    for layer in plain.modules():
        if isinstance(layer, timm.layers.BatchNormAct2d):
            layer.running_mean += 0.1
            layer.running_var *= 1.5
    folded.load_state_dict(plain.state_dict())
    for one, other in zip(plain(IMAGES), folded(IMAGES), strict=True):
        assert_near(other, one)


def test_a_copy_has_norms_of_its_own():
    _, folded = pair()
    before = folded(IMAGES)[0]
    copied = deepcopy(folded)
    with torch.no_grad():
        for parameter in folded.parameters():
            parameter.mul_(0.5)
    assert torch.equal(copied(IMAGES)[0], before)


def test_statistics_stay_in_training():
    _, folded = pair()
    before = {name: value.clone() for name, value in folded.named_buffers()}
    folded.train()(IMAGES)
    assert all(torch.equal(before[name], value) for name, value in folded.named_buffers())


def test_a_network_that_uses_a_convolution_twice_is_refused():
    class Twice(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first = torch.nn.Conv2d(3, 4, 1, bias=False)
            self.norm = timm.layers.BatchNormAct2d(4)
            torch.nn.init.normal_(self.norm.bias)

        def forward(self, images):
            found = self.first(images)
            return [self.norm(found) + found]

    torch.manual_seed(0)
    with pytest.raises(ValueError, match="Twice: its norms cannot be folded"):
        fold(Twice())
