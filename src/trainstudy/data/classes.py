"""The eleven classes of CamVid, which the synthetic streets share so that the two can be compared.

Source: G. J. Brostow, J. Fauqueur and R. Cipolla, "Semantic object classes in video: a
high-definition ground truth database", Pattern Recognition Letters 30 (2009); merged from 32 to
11 classes as in P. Sturgess et al., BMVC 2009.
"""

from typing import Final

import numpy as np

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
