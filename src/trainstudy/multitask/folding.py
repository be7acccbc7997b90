"""Batch norms that keep their statistics, made part of the convolutions before them.

With fixed statistics a batch norm is a factor and an offset a channel. Multiplied into the weights
of the convolution they cost next to nothing, where a layer of its own goes over all activations
once forward and twice backward. Function, gradients and names of parameters stay what they were.
Source: Jacob et al., "Quantization and training of neural networks" (2018), section 3.2.
"""

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trainstudy.multitask._timm import timm

BatchNormAct2d, Conv2dSame = timm.layers.BatchNormAct2d, timm.layers.Conv2dSame


class FoldedConvolution(nn.Conv2d):
    """A convolution with the factor and offset of the norm that follows it."""

    norm: tuple[Any, ...]
    """The norm alone. In a tuple it is no part of this layer, and is copied with the network."""
    same: bool
    """Whether the input is padded so that the output has its size over the stride."""

    def forward(self, inputs: Tensor) -> Tensor:
        (norm,) = self.norm
        factor = norm.weight * (norm.running_var + norm.eps).rsqrt()
        weight = self.weight * factor.view(-1, 1, 1, 1)
        bias = norm.bias - norm.running_mean * factor
        if self.same:
            inputs = timm.layers.pad_same(inputs, self.kernel_size, self.stride, self.dilation)
        return F.conv2d(inputs, weight, bias, self.stride, self.padding, self.dilation, self.groups)


class Absorbed(BatchNormAct2d):  # type: ignore[misc, valid-type]
    """What is left of such a norm: its activation. It still owns the parameters."""

    def forward(self, inputs: Tensor) -> Tensor:
        found: Tensor = self.act(self.drop(inputs))
        return found


def fold(backbone: nn.Module, size: Sequence[int] = (1, 3, 64, 64)) -> None:
    """Fold every norm of ``backbone`` that follows a convolution without a bias, in place.

    Which follow is found by running it once on random pixels of ``size``. Raises ValueError where
    it gives something else afterwards, as one would whose convolutions are used elsewhere too.
    """
    training = backbone.training
    backbone.eval()
    pixels = torch.rand(*size, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        pairs = _pairs(backbone, pixels)
        before = backbone(pixels)
        for convolution, norm in pairs:
            convolution.same = isinstance(convolution, Conv2dSame)
            convolution.norm = (norm,)
            convolution.__class__, norm.__class__ = FoldedConvolution, Absorbed
        after = backbone(pixels)
    backbone.train(training)
    for one, other in zip(before, after, strict=True):
        if not torch.allclose(one, other, rtol=1e-3, atol=1e-3 * float(one.abs().max())):
            raise ValueError(f"{type(backbone).__name__}: its norms cannot be folded")


def _pairs(backbone: nn.Module, pixels: Tensor) -> list[tuple[Any, Any]]:
    """Convolutions and the norms that take what they give."""
    given: dict[int, tuple[nn.Module, Tensor]] = {}  # kept, so that no address is used again
    pairs = []

    def gave(layer: nn.Module, inputs: Any, output: Tensor) -> None:
        given[id(output)] = layer, output

    def takes(layer: nn.Module, inputs: tuple[Tensor]) -> None:
        if id(inputs[0]) in given:
            pairs.append((given[id(inputs[0])][0], layer))

    hooks = [
        layer.register_forward_hook(gave)
        if isinstance(layer, nn.Conv2d) and layer.bias is None
        else layer.register_forward_pre_hook(takes)
        for layer in backbone.modules()
        if isinstance(layer, BatchNormAct2d | nn.Conv2d)
    ]
    backbone(pixels)
    for hook in hooks:
        hook.remove()
    return pairs
