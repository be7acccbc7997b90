import pytest
import torch
from torch import nn

from trainstudy.generation.cyclegan import CycleGAN, squares


@pytest.fixture
def gan():
    torch.manual_seed(0)
    return CycleGAN(width=2, depth=1)


class Times(nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, inputs):
        return inputs * self.factor


def test_each_image_is_translated_by_itself(gan, pair):
    source, target = pair
    together = gan(source, target)
    alone = torch.cat([gan(image[None], target) for image in source])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)


def test_generators_that_change_nothing_have_no_cycle_and_identity_loss(gan, pair):
    gan.to_target = gan.to_source = nn.Identity()
    parts = gan.losses(*pair)
    assert parts["cycle"].item() == parts["identity"].item() == 0


def test_generators_that_undo_each_other_have_no_cycle_loss(gan, pair):
    gan.to_target, gan.to_source = Times(0.5), Times(2)
    parts = gan.losses(*pair)
    assert parts["cycle"].item() == pytest.approx(0, abs=1e-6)
    assert parts["identity"].item() > 0.1


def test_the_discriminators_loss_asks_for_ones_where_real_and_zeros_where_not(gan, pair):
    class Bright(nn.Module):
        """Judges an image to be real where it is bright."""

        def forward(self, images):
            return [(images.mean((1, 2, 3), keepdim=True) > 0).float()]

    source, _ = pair
    gan.target_critic, gan.source_critic = Bright(), Bright()
    gan.to_target = gan.to_source = Times(-1)
    right = gan.losses(source, source)  # bright ones are real, and both generators darken them
    assert right["discriminator"].item() == 0
    assert right["adversarial"].item() == 2
    wrong = gan.losses(-source, -source)
    assert wrong["discriminator"].item() == 4
    assert squares([torch.full((3,), 3.0)], 1).item() == 4


def test_the_source_s_generator_and_settings():
    """9 residual blocks at width 64 are the source's 11.4 million parameters, less the biases that
    instance norm takes away, a two-fold upsampling costing as much as a transposed convolution."""
    paper = CycleGAN(width=64, depth=9)
    assert sum(p.numel() for p in paper.to_target.parameters()) == pytest.approx(11.37e6, rel=2e-3)
    (group,) = paper.optimizer(paper.learning_rate).param_groups
    assert (group["lr"], group["betas"]) == (2e-4, (0.5, 0.999))
