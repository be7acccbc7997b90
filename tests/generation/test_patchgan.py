import pytest
import torch
from torch import nn

from trainstudy.generation.patchgan import PatchGAN


@pytest.mark.parametrize(("layers", "patch"), [(4, 70), (3, 46)])
def test_a_score_sees_one_patch(layers, patch):
    critic = PatchGAN(2, layers)
    for layer in critic.layers[:-1]:
        layer[1] = nn.Identity()  # the norm sees the whole image
    images = torch.rand(1, 3, 160, 160, requires_grad=True)
    scores = critic(images)[-1]
    scores[0, 0, scores.shape[2] // 2, scores.shape[3] // 2].backward()
    rows = images.grad[0].abs().sum((0, 2)).nonzero()
    assert rows.max() - rows.min() + 1 == patch


def test_the_features_of_every_layer_come_before_the_scores():
    features = PatchGAN(3, 4)(torch.rand(2, 3, 64, 64))
    assert [f.shape[1] for f in features] == [3, 6, 12, 24, 1]
    assert [f.shape[2] for f in features] == [32, 16, 8, 7, 6]


def test_spectral_norm_bounds_every_inner_layer():
    torch.manual_seed(0)
    critic = PatchGAN(4, 3, spectral=True)
    for _ in range(20):  # one power iteration each
        critic(torch.rand(1, 3, 32, 32))
    for layer in critic.layers[1:-1]:
        weight = layer[0].weight.detach().flatten(1)
        assert torch.linalg.matrix_norm(weight, 2).item() == pytest.approx(1, abs=0.1)
