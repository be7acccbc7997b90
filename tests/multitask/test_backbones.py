from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from trainstudy.multitask.backbones import (
    BACKBONES,
    STRIDES,
    build_backbone,
    imagenet_classifier,
    normalise,
)

IMAGENETTE = (0, 217, 482, 491, 497, 566, 569, 571, 574, 701)  # of ImageNet's 1000, wnids in order


@pytest.mark.parametrize("name", BACKBONES)
def test_features_stand_at_the_strides(name):
    model = build_backbone(name, weights=False)
    features = model(torch.rand(2, 3, 70, 101))
    sizes = [(-(-70 // stride), -(-101 // stride)) for stride in STRIDES]
    assert [f.shape[2:] for f in features] == sizes
    assert [f.shape[1] for f in features] == model.feature_info.channels()


def test_an_unknown_backbone_is_told_what_there_is():
    with pytest.raises(ValueError, match="unknown backbone 'resnet'; accepted: efficientnet_lite0"):
        build_backbone("resnet", weights=True)


def test_the_features_are_those_of_the_package():
    trained = imagenet_classifier()
    assert sum(p.numel() for p in trained.parameters()) == 4_652_008
    features = build_backbone("efficientnet_lite0", weights=True).state_dict()
    assert all(torch.equal(value, trained.state_dict()[key]) for key, value in features.items())
    left = {key.split(".")[0] for key in trained.state_dict()} - {
        key.split(".")[0] for key in features
    }
    assert left == {"conv_head", "bn2", "classifier"}


def test_normalised_images_span_minus_one_to_one():
    assert normalise(torch.tensor([0, 255], dtype=torch.uint8)).tolist() == [-1, 1]


@pytest.fixture(scope="module")
def photographs(data_root: Path) -> tuple[Tensor, Tensor]:
    """Imagenette's validation images, 224x224 from the middle, and their ImageNet classes."""
    pixels, classes = [], []
    folders = sorted((data_root / "mini/imagenette_160/val").iterdir())
    for folder, index in zip(folders, IMAGENETTE, strict=True):
        for file in sorted(folder.iterdir()):
            with Image.open(file) as image:
                scale = 256 / min(image.size)
                size = [round(side * scale) for side in image.size]
                left, top = ((side - 224) // 2 for side in size)
                crop = image.convert("RGB").resize((size[0], size[1]), Image.Resampling.BICUBIC)
                pixels.append(np.asarray(crop.crop((left, top, left + 224, top + 224))))
            classes.append(index)
    return torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2), torch.tensor(classes)


def test_the_weights_know_photographs(photographs):
    images, classes = photographs
    # ImageNet's mean and deviation give 67 % of all classes here, BGR 55 %
    with torch.inference_mode():
        logits = imagenet_classifier().eval()(normalise(images))
    among_ten = torch.tensor(IMAGENETTE)[logits[:, IMAGENETTE].argmax(1)]
    assert (among_ten == classes).float().mean() >= 0.95
    assert (logits.argmax(1) == classes).float().mean() >= 0.7
