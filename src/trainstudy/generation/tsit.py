"""TSIT: the content of one image in the style of another, both fed in at every scale.

Source: Jiang, Zhang, Huang, Liu, Shi and Loy, "TSIT: A simple and versatile framework for
image-to-image translation" (2020): see :mod:`.tsit_generator`; two spectrally normalised patch
discriminators, hinge loss, feature matching, Adam with betas 0 and 0.9 at 1e-4 for the generator
and 4e-4 for the discriminators. Its perceptual loss asks for a VGG trained on ImageNet, which is
not to be had offline. In its place the content stream, its weights held, compares the translation
with its source: a weaker teacher, as it has only seen these images. Left out: the alternation, see
:mod:`._translator`.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trainstudy.generation._translator import Translator, adam, held
from trainstudy.generation.patchgan import PatchGAN
from trainstudy.generation.tsit_generator import Generator

SCALES = 2  # discriminators, each at half the size of the one before


class TSIT(Translator):
    """``width`` channels at full size (source: 64), ``depth`` halvings of the size (7).

    Batch norm tells the styles of a batch apart: give it two images or more.
    """

    weights = {"adversarial": 1.0, "features": 1.0, "content": 2.0, "discriminator": 1.0}  # noqa: RUF012
    learning_rate = 2e-4

    def __init__(self, width: int, depth: int) -> None:
        super().__init__()
        # instance norm asks for more than one pixel at the coarsest scale and in the last critic
        self.multiple, self.least = 2**depth, max(2 ** (depth + 1), 32)
        self.generator = Generator(width, depth)
        self.critics = nn.ModuleList(
            PatchGAN(width, layers=3, spectral=True) for _ in range(SCALES)
        )

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """``source`` in the style of ``target``, image by image; their sizes may differ."""
        translated: Tensor = self.generator(source, target)[0]
        return translated

    def losses(self, source: Tensor, target: Tensor) -> dict[str, Tensor]:
        fake, content = self.generator(source, target)
        kept = held(self.generator.content, fake)
        zero = fake.new_zeros((), dtype=torch.float32)
        adversarial, features, discriminator = zero, zero, zero
        sizes = zip(self.critics, _shrinking(target), _shrinking(fake), strict=False)
        for critic, real, made in sizes:
            pairs = [layer.chunk(2) for layer in critic(torch.cat((real, made.detach())))]
            seen = held(critic, made)
            adversarial = adversarial - seen[-1].float().mean()
            features = features + _distance(seen[:-1], [one.detach() for one, _ in pairs[:-1]])
            discriminator = discriminator + sum(
                F.relu(1 - sign * scores.float()).mean()
                for sign, scores in zip((1, -1), pairs[-1], strict=True)
            )
        return {
            "adversarial": adversarial / SCALES,
            "features": features / SCALES,
            "content": _distance(kept, [level.detach() for level in content]) / len(content),
            "discriminator": discriminator / SCALES,
        }

    def optimizer(self, rate: float) -> torch.optim.Optimizer:
        """Half of ``rate`` for the generator, twice for the discriminators (Heusel et al. 2017)."""
        sides = {self.generator: rate / 2, self.critics: rate * 2}
        groups = [{"params": list(side.parameters()), "lr": own} for side, own in sides.items()]
        return adam(groups, betas=(0.0, 0.9))


def _shrinking(images: Tensor) -> list[Tensor]:
    """The images at every discriminator's size."""
    sizes = [images]
    while len(sizes) < SCALES:
        sizes.append(F.avg_pool2d(sizes[-1], 3, stride=2, padding=1, count_include_pad=False))
    return sizes


def _distance(ours: list[Tensor], theirs: list[Tensor]) -> Tensor:
    """The sum of the mean absolute differences of the layers."""
    layers = zip(ours, theirs, strict=True)
    return torch.stack([F.l1_loss(one.float(), other.float()) for one, other in layers]).sum()
