"""CycleGAN: two generators, one a direction, that must undo each other.

Source: Zhu, Park, Isola and Efros, "Unpaired image-to-image translation using cycle-consistent
adversarial networks" (2017): residual generators with instance norm, 70x70 PatchGAN, least-squares
loss, weights 10 (cycle) and 5 (identity), Adam at 2e-4 with betas 0.5 and 0.999. Differences: no
pool of earlier images and no alternation, see :mod:`._translator`; sizes are doubled by repeating
pixels, not by transposed convolutions, whose uneven overlap is a checkerboard in every image until
it is learnt away (Odena, Dumoulin and Olah 2016).
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trainstudy.generation._translator import Translator, adam, held
from trainstudy.generation.patchgan import PatchGAN


class CycleGAN(Translator):
    """``width`` channels at full size (source: 64), ``depth`` residual blocks (9)."""

    # the discriminators' 0.5, the source's, has no effect under Adam but on the loss that is shown
    weights = {"adversarial": 1.0, "cycle": 10.0, "identity": 5.0, "discriminator": 0.5}  # noqa: RUF012
    learning_rate = 2e-4

    def __init__(self, width: int, depth: int) -> None:
        super().__init__()
        self.multiple, self.least = 4, 32  # the discriminator leaves 2x2 scores of 32 pixels
        self.to_target, self.to_source = (resnet(width, depth) for _ in range(2))
        self.target_critic, self.source_critic = (PatchGAN(width, layers=4) for _ in range(2))
        self.apply(_initialise)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """The translation of ``source``; the images of ``target`` are not looked at."""
        translated: Tensor = self.to_target(source)
        return translated

    def losses(self, source: Tensor, target: Tensor) -> dict[str, Tensor]:
        # one pass for both: instance norm treats every image by itself
        fake_target, same_target = self.to_target(torch.cat((source, target))).chunk(2)
        fake_source, same_source = self.to_source(torch.cat((target, source))).chunk(2)
        return {
            "adversarial": squares(held(self.target_critic, fake_target), 1)
            + squares(held(self.source_critic, fake_source), 1),
            "cycle": F.l1_loss(self.to_source(fake_target), source)
            + F.l1_loss(self.to_target(fake_source), target),
            "identity": F.l1_loss(same_target, target) + F.l1_loss(same_source, source),
            "discriminator": _judged(self.target_critic, target, fake_target)
            + _judged(self.source_critic, source, fake_source),
        }

    def optimizer(self, rate: float) -> torch.optim.Optimizer:
        return adam([{"params": list(self.parameters()), "lr": rate}], betas=(0.5, 0.999))


def squares(features: list[Tensor], wanted: float) -> Tensor:
    """The least-squares GAN loss of a discriminator's output (Mao et al. 2017)."""
    return (features[-1].float() - wanted).square().mean()


def resnet(width: int, blocks: int) -> nn.Sequential:
    """The generator: two steps down, residual blocks at a quarter of the size, two steps up."""
    wide = 4 * width
    return nn.Sequential(
        *_normed(nn.Conv2d(3, width, 7, padding=3, padding_mode="reflect", bias=False)),
        *_normed(nn.Conv2d(width, 2 * width, 3, stride=2, padding=1, bias=False)),
        *_normed(nn.Conv2d(2 * width, wide, 3, stride=2, padding=1, bias=False)),
        *(Residual(wide) for _ in range(blocks)),
        nn.Upsample(scale_factor=2),
        *_normed(nn.Conv2d(wide, 2 * width, 3, padding=1, bias=False)),
        nn.Upsample(scale_factor=2),
        *_normed(nn.Conv2d(2 * width, width, 3, padding=1, bias=False)),
        nn.Conv2d(width, 3, 7, padding=3, padding_mode="reflect"),
        nn.Tanh(),
    )


class Residual(nn.Module):
    """Two normalised 3x3 convolutions beside the identity."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        first, second = (
            nn.Conv2d(channels, channels, 3, padding=1, padding_mode="reflect", bias=False)
            for _ in range(2)
        )
        self.body = nn.Sequential(*_normed(first), second, nn.InstanceNorm2d(channels))

    def forward(self, inputs: Tensor) -> Tensor:
        outputs: Tensor = inputs + self.body(inputs)
        return outputs


def _normed(convolution: nn.Conv2d) -> list[nn.Module]:
    return [convolution, nn.InstanceNorm2d(convolution.out_channels), nn.ReLU(inplace=True)]


def _judged(critic: PatchGAN, real: Tensor, fake: Tensor) -> Tensor:
    """The discriminator's own loss; no gradient reaches the generator."""
    scores_real, scores_fake = critic(torch.cat((real, fake.detach())))[-1].chunk(2)
    return squares([scores_real], 1) + squares([scores_fake], 0)


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d):
        nn.init.normal_(module.weight, std=0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
