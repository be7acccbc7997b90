"""Sliced Wasserstein distance between two sets of images, scale by scale.

Source: Karras, Aila, Laine and Lehtinen, "Progressive growing of GANs" (2018), section 5: patches
of 7x7 pixels of Laplacian pyramids (Burt and Adelson 1983), projected on random directions. One
difference: there the patches of each set are normalised by their own mean and deviation, here
both by the reference's. A change of brightness, most of what night is, would not count otherwise.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from trainstudy.training.randomness import generator

PATCH, PATCHES, DIRECTIONS, SMALLEST = 7, 128, 512, 16

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


def sliced_wasserstein(images: Pixels, reference: Pixels, seed: int = 0) -> float:
    """The distance of two equally large sets uint8 [N,H,W,3], mean of the scales, times 1,000.

    0 for equal sets; what two halves of one set give is the level of chance. Raises ValueError for
    sets of different shapes, or images smaller than 16 pixels.
    """
    if images.shape != reference.shape or min(images.shape[1:3]) < SMALLEST:
        raise ValueError(
            f"sets of shapes {images.shape} and {reference.shape}: accepted are two of one shape "
            f"[N,H,W,3] with sides of {SMALLEST} pixels or more"
        )
    levels = zip(_patches(images, seed), _patches(reference, seed), strict=True)
    return 1000 * float(np.mean([_distance(*pair, seed) for pair in levels]))


def _distance(patches: Floats, reference: Floats, seed: int) -> float:
    """Of patches [M,49,3] to as many others."""
    mean, deviation = reference.mean((0, 1)), reference.std((0, 1)) + 1e-6
    directions = generator(seed, "swd directions").normal(size=(PATCH * PATCH * 3, DIRECTIONS))
    directions /= np.linalg.norm(directions, axis=0)
    one, other = (
        np.sort(
            ((part - mean) / deviation).reshape(len(part), -1) @ directions.astype(np.float32), 0
        )
        for part in (patches, reference)
    )
    return float(np.abs(one - other).mean())


def _patches(images: Pixels, seed: int) -> list[Floats]:
    """Patches [N*128,49,3] of every level, the finest first."""
    found = [
        [
            _drawn(band, generator(seed, "swd patches", index, level))
            for level, band in enumerate(_pyramid(image))
        ]
        for index, image in enumerate(images)
    ]
    return [np.concatenate(level) for level in zip(*found, strict=True)]


def _drawn(band: Floats, draw: np.random.Generator) -> Floats:
    windows = np.lib.stride_tricks.sliding_window_view(band, (PATCH, PATCH), axis=(0, 1))
    rows, columns = (draw.integers(length, size=PATCHES) for length in windows.shape[:2])
    patches: Floats = windows[rows, columns].reshape(PATCHES, 3, -1).swapaxes(1, 2)
    return patches


def _pyramid(image: Pixels) -> list[Floats]:
    """What each halving of the size takes away, and what is left."""
    bands, rest = [], image.astype(np.float32)
    while min(rest.shape[:2]) >= 2 * SMALLEST:
        smaller = cv2.pyrDown(rest)
        bands.append(rest - cv2.pyrUp(smaller, dstsize=rest.shape[1::-1]))
        rest = np.asarray(smaller, np.float32)
    return [*bands, rest]
