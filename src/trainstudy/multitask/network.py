"""One network for segmentation, detection and classification: a backbone, one neck, one head."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import NamedTuple, Self

import torch
from torch import Tensor, nn

from trainstudy.multitask.backbones import (
    BACKBONES,
    PRETRAINED,
    STRIDES,
    build_backbone,
    normalise,
)
from trainstudy.multitask.folding import fold
from trainstudy.multitask.head import Head, channels_of
from trainstudy.multitask.neck import FeaturePyramid
from trainstudy.training.randomness import key
from trainstudy.training.resizing import bilinear

__all__ = [
    "BACKBONES",
    "CHANNELS",
    "CLASSES",
    "PARTS",
    "STRIDES",
    "Network",
    "Outputs",
    "build",
    "cls_logits",
    "det_maps",
    "normalise",
    "part_of",
    "seg_logits",
]

CLASSES = {"det": 10, "seg": 21, "cls": 10}
CHANNELS = channels_of(CLASSES)
PARTS = ("backbone", "neck", "head")
NORMS = ("frozen", "train")
WIDTH = 128  # channels of neck and head


class Outputs(NamedTuple):
    """What the network says of a batch; levels finest first.

    maps: the head's channels [B,channels,h,w], in single precision; box distances are positive and
    in strides, all else are logits. neck: what the head saw [B,WIDTH,h,w]. channels: the maps'
    channels of each task.
    """

    maps: tuple[Tensor, ...]
    neck: tuple[Tensor, ...]
    channels: Mapping[str, slice] = CHANNELS


class Network(nn.Module):
    """The three parts; nothing but channels of the last layer belongs to one task alone.

    ``norm="frozen"``: the backbone's batch norms keep the statistics they were loaded with, also
    in training, and only learn scale and shift, since a batch of one task would drag the
    statistics towards that task; they are folded into the convolutions before them.
    ``norm="train"``: plain batch norm.
    """

    def __init__(self, backbone: nn.Module, classes: Mapping[str, int], *, norm: str) -> None:
        super().__init__()
        self.channels, self.norm = channels_of(classes), norm
        if norm == "frozen":
            fold(backbone)
        self.backbone = backbone
        self.neck = FeaturePyramid(backbone.feature_info.channels(), WIDTH)  # type: ignore
        self.head = Head(WIDTH, self.channels, len(STRIDES))
        self.train()  # modules are made in training mode without being told

    def forward(self, images: Tensor) -> Outputs:
        """Of images [B,3,H,W] as ``normalise`` makes them, of any size."""
        return self.from_features(self.backbone(images))

    def from_features(self, features: Sequence[Tensor]) -> Outputs:
        """Of what the backbone gives, finest level first."""
        neck = self.neck(features)
        return Outputs(self.head(neck), neck, self.channels)

    def train(self, mode: bool = True) -> Self:
        super().train(mode)
        if self.norm == "frozen":
            self.backbone.eval()  # without dropout, only its batch norms know the difference
        return self


def build(
    backbone: str,
    seed: int,
    classes: Mapping[str, int] = CLASSES,
    weights: bool = True,
    norm: str | None = None,
) -> Network:
    """The network, its random weights drawn from ``seed``.

    ``weights`` loads ImageNet weights into a backbone of ``PRETRAINED``. ``norm`` is, unless
    given, that of `norm_of` with them and train without.
    Raises ValueError for an unknown backbone, norm or task.
    """
    norm = norm or (norm_of(backbone) if weights else "train")
    if norm not in NORMS:
        raise ValueError(f"unknown norm {norm!r}; accepted: {', '.join(NORMS)}")
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(key(seed, "backbone"))
        made = build_backbone(backbone, weights)
        # so that neck and head do not depend on how many numbers the backbone drew
        torch.default_generator.manual_seed(key(seed, "neck and head"))
        return Network(made, classes, norm=norm)


def norm_of(backbone: str) -> str:
    """That of a backbone's batch norms, as it is trained: frozen where it comes with ImageNet
    weights, train where not: random weights have no statistics to keep."""
    return "frozen" if backbone in PRETRAINED else "train"


def part_of(parameter: str) -> str:
    """The part that a parameter of the network belongs to, by its name: one of ``PARTS``.

    Raises ValueError where it belongs to none.
    """
    part = parameter.partition(".")[0]
    if part not in PARTS:
        raise ValueError(f"parameter {parameter!r} is in none of {', '.join(PARTS)}")
    return part


def seg_logits(outputs: Outputs, size: tuple[int, int]) -> Tensor:
    """[B,classes,*size]: the sum of all levels at the finest one's size, then resized."""
    finest, *coarser = (level[:, outputs.channels["seg"]] for level in outputs.maps)
    for level in coarser:
        finest = finest + _resize(level, (finest.shape[-2], finest.shape[-1]))
    return _resize(finest, size)


def cls_logits(outputs: Outputs) -> Tensor:
    """[B,classes]: the mean over the coarsest level, whose positions see the most."""
    return outputs.maps[-1][:, outputs.channels["cls"]].mean((2, 3))


def det_maps(outputs: Outputs) -> tuple[Tensor, ...]:
    """[B,4+1+classes,h,w] of every level: distances in strides, quality and class logits."""
    return tuple(level[:, outputs.channels["det"]] for level in outputs.maps)


def _resize(maps: Tensor, size: tuple[int, int]) -> Tensor:
    # in single precision, as torch's own kernel is; a product would be in half
    with torch.autocast("cuda", enabled=False) if maps.is_cuda else nullcontext():
        return bilinear(maps, size)
