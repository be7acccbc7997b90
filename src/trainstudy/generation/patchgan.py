"""The patch discriminator: every output judges one patch of the image, not the whole.

Source: Isola, Zhu, Zhou and Efros, "Image-to-image translation with conditional adversarial
networks" (2017).
"""

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm


class PatchGAN(nn.Module):
    """``layers`` convolutions of 4x4, the first three of stride 2, then the scores.

    Four layers see patches of 70x70 pixels, three of 46x46. Returns the features of every layer
    and, last, the scores [B,1,h,w].
    """

    def __init__(self, width: int, layers: int, *, spectral: bool = False) -> None:
        super().__init__()
        self.layers = nn.ModuleList()
        channels = 3
        for place in range(layers):
            after = width * min(2**place, 8)
            # what instance norm follows has no use for a bias
            convolution: nn.Module = nn.Conv2d(
                channels, after, 4, stride=2 if place < 3 else 1, padding=1, bias=place == 0
            )
            norm = nn.InstanceNorm2d(after) if place else nn.Identity()
            if spectral and place:
                convolution = spectral_norm(convolution)
            self.layers.append(nn.Sequential(convolution, norm, nn.LeakyReLU(0.2)))
            channels = after
        self.layers.append(nn.Conv2d(channels, 1, 4, padding=1))

    def forward(self, images: Tensor) -> list[Tensor]:
        features = [images]
        for layer in self.layers:
            features.append(layer(features[-1]))
        return features[1:]
