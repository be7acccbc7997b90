"""The eleven classes of CamVid, which the streets share, and the nineteen of Cityscapes.

Sources: G. J. Brostow, J. Fauqueur and R. Cipolla, "Semantic object classes in video: a
high-definition ground truth database", Pattern Recognition Letters 30 (2009); merged from 32 to
11 classes as in P. Sturgess et al., BMVC 2009. M. Cordts et al., "The Cityscapes dataset for
semantic urban scene understanding" (2016), and its published scripts.
"""

import colorsys
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

CLASSES: Final = (
    "Sky", "Building", "Pole", "Road", "Pavement", "Tree",
    "SignSymbol", "Fence", "Car", "Pedestrian", "Bicyclist",
)  # fmt: skip
SKY, BUILDING, POLE, ROAD, PAVEMENT, TREE, SIGN, FENCE, CAR, PEDESTRIAN, BICYCLIST = range(11)

IGNORE: Final = 255
"""The label of a pixel that neither trains nor scores."""

PALETTE: Final = np.array(
    [
        (128, 128, 128), (128, 0, 0), (192, 192, 128), (128, 64, 128), (60, 40, 222), (128, 128, 0),
        (192, 128, 128), (64, 64, 128), (64, 0, 128), (64, 64, 0), (0, 128, 192),
    ],
    dtype=np.uint8,
)  # fmt: skip
"""RGB of each class, uint8 [11, 3]."""
PALETTE.setflags(write=False)

CITYSCAPES_IDS: Final = {
    "road": 7, "sidewalk": 8, "building": 11, "wall": 12, "fence": 13, "pole": 17,
    "traffic light": 19, "traffic sign": 20, "vegetation": 21, "terrain": 22, "sky": 23,
    "person": 24, "rider": 25, "car": 26, "truck": 27, "bus": 28, "train": 31, "motorcycle": 32,
    "bicycle": 33,
}  # fmt: skip
"""The raw id of each class that is trained on, of 0..33; the position is its train id."""

CITYSCAPES: Final = tuple(CITYSCAPES_IDS)

CITYSCAPES_PALETTE: Final = np.array(
    [
        (128, 64, 128), (244, 35, 232), (70, 70, 70), (102, 102, 156), (190, 153, 153),
        (153, 153, 153), (250, 170, 30), (220, 220, 0), (107, 142, 35), (152, 251, 152),
        (70, 130, 180), (220, 20, 60), (255, 0, 0), (0, 0, 142), (0, 0, 70), (0, 60, 100),
        (0, 80, 100), (0, 0, 230), (119, 11, 32),
    ],
    dtype=np.uint8,
)  # fmt: skip
CITYSCAPES_PALETTE.setflags(write=False)


def palette(classes: Sequence[str]) -> NDArray[np.uint8]:
    """RGB of each class, uint8 [C,3]: the two data sets' own, spread hues for any others."""
    for known, colours in ((CLASSES, PALETTE), (CITYSCAPES, CITYSCAPES_PALETTE)):
        if tuple(classes) == known:
            return colours
    hues = (colorsys.hsv_to_rgb(k / len(classes), 0.8, 0.9) for k in range(len(classes)))
    return np.array([[round(255 * part) for part in hue] for hue in hues], dtype=np.uint8)
