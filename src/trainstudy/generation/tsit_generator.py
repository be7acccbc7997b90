"""The generator of TSIT: two streams of features, and the blocks they steer at every scale.

Source: Jiang et al. 2020, sections 3.1 to 3.3. As there with the option of the finest scale
included. One difference: it starts from the source image at the coarsest size, as the original does
for label maps, not from noise, so that a translation is a function of its two images.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm


class Generator(nn.Module):
    def __init__(self, width: int, depth: int) -> None:
        super().__init__()
        # 16 times the width at most
        channels = [width * min(2**level, 16) for level in range(depth + 1)]
        self.content, self.style = Stream(channels), Stream(channels)
        self.first = nn.Conv2d(3, channels[-1], 3, padding=1)
        after = [max(width // 2, 1), *channels[:-1]]
        self.blocks = nn.ModuleList(map(FadeBlock, channels, after))
        self.last = nn.Conv2d(after[0], 3, 3, padding=1)

    def forward(self, source: Tensor, target: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The translation [B,3,h,w] in -1..1 and the content features, the finest first."""
        content, style = self.content(source), self.style(target)
        x = self.first(F.interpolate(source, content[-1].shape[-2:], mode="area"))
        for level in reversed(range(len(content))):
            if level < len(content) - 1:
                x = F.interpolate(x, scale_factor=2.0)
            x = self.blocks[level](fadain(x, style[level]), content[level])
        return torch.tanh(self.last(F.leaky_relu(x, 0.2))), content


class Stream(nn.Module):
    """A pyramid of features: a residual block a scale, the size halved in between."""

    def __init__(self, channels: list[int]) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(map(StreamBlock, [3, *channels], channels))

    def forward(self, images: Tensor) -> list[Tensor]:
        levels = [self.blocks[0](images)]
        for block in self.blocks[1:]:
            levels.append(block(F.interpolate(levels[-1], scale_factor=0.5)))
        return levels


class StreamBlock(nn.Module):
    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.body = nn.Sequential(*_normed(before, before, 3), *_normed(before, after, 3))
        same = before == after
        self.shortcut = nn.Identity() if same else nn.Sequential(*_normed(before, after, 1))

    def forward(self, inputs: Tensor) -> Tensor:
        outputs: Tensor = self.shortcut(inputs) + self.body(inputs)
        return outputs


class Fade(nn.Module):
    """Feature-adaptive denormalisation: normalised ``x``, then scaled and shifted pixel by pixel
    as the content features say (section 3.2)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.steer = nn.Conv2d(channels, 2 * channels, 3, padding=1)
        nn.init.xavier_normal_(self.steer.weight, gain=0.02)

    def forward(self, x: Tensor, content: Tensor) -> Tensor:
        gamma, beta = self.steer(content).chunk(2, dim=1)
        denormalised: Tensor = self.norm(x) * (1 + gamma) + beta
        return denormalised


class FadeBlock(nn.Module):
    """A residual block of two convolutions, each after a :class:`Fade`."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.fades = nn.ModuleList(Fade(before) for _ in range(2))
        self.first = spectral_norm(nn.Conv2d(before, before, 3, padding=1))
        self.second = spectral_norm(nn.Conv2d(before, after, 3, padding=1))
        if before != after:
            self.fades.append(Fade(before))
            self.shortcut = spectral_norm(nn.Conv2d(before, after, 1, bias=False))

    def forward(self, x: Tensor, content: Tensor) -> Tensor:
        first, second, *beside = self.fades
        inner = self.first(F.leaky_relu(first(x, content), 0.2))
        inner = self.second(F.leaky_relu(second(inner, content), 0.2))
        outputs: Tensor = inner + (self.shortcut(beside[0](x, content)) if beside else x)
        return outputs


def fadain(x: Tensor, style: Tensor) -> Tensor:
    """``x`` with the mean and deviation of every channel of ``style`` (AdaIN; Huang and Belongie
    2017), in float32; the sizes may differ."""
    deviation, mean = torch.std_mean(style.float(), (2, 3), keepdim=True)
    return (F.instance_norm(x.float()) * deviation + mean).to(x.dtype)


def _normed(before: int, after: int, kernel: int) -> list[nn.Module]:
    convolution = nn.Conv2d(before, after, kernel, padding=kernel // 2, bias=False)
    return [spectral_norm(convolution), nn.InstanceNorm2d(after), nn.LeakyReLU(0.2)]
