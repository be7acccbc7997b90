"""Scenes of coloured shapes: image, mask, boxes and class come from one drawing."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from trainstudy.multitask.data.outlines import OUTLINES
from trainstudy.training.randomness import generator

KINDS = tuple(OUTLINES)
FINER = 4  # scenes are drawn at this multiple and scaled down
LARGE, SMALL = (0.26, 0.36), (0.12, 0.17)  # radii, as shares of the longer side
NOISE = 8  # levels of 255
SHORTER = (0.75, 1.0)  # the shorter side, as a share of the longer


@dataclass(frozen=True, slots=True)
class Scene:
    """``image`` uint8 [h,w,3] RGB; ``mask`` uint8 [h,w], 0 = background, else 1 + kind.

    ``kinds`` int64 [M] with ``boxes`` float [M,4] (x1, y1, x2, y2 in pixels) of what is visible;
    the first is the large one, whose kind is the scene's class.
    """

    image: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    kinds: NDArray[np.int64]
    boxes: NDArray[np.float64]


def draw(seed: int, index: int, size: int) -> Scene:
    """Scene number ``index`` with a longer side of ``size`` pixels; every fifth has one class."""
    rng = generator(seed, "scene", index)
    sides = np.array([1.0, rng.uniform(*SHORTER)])[:: int(rng.choice([-1, 1]))]
    height, width = (round(FINER * size * side) // FINER * FINER for side in sides)
    placed = _place(rng, sides)
    canvas = _background(rng, height, width)
    ids = np.zeros((height, width), np.uint8)  # 0, then the shapes from 1
    kinds = []
    for number, (x, y, radius) in enumerate(placed, 1):
        kind = index % len(KINDS) if number == 1 else int(rng.integers(len(KINDS)))
        turn = rng.uniform(-0.3, 0.3)
        spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        around = [(line @ spin * radius + (x, y)) * FINER * size for line in OUTLINES[KINDS[kind]]]
        lines = [np.rint(line * 16).astype(np.int32) for line in around]
        cv2.fillPoly(canvas, lines, _colour(rng, kind), shift=4)
        cv2.fillPoly(ids, lines, number, shift=4)
        kinds.append(kind)
    small = cv2.resize(canvas, None, fx=1 / FINER, fy=1 / FINER, interpolation=cv2.INTER_AREA)
    small += rng.normal(0, NOISE, small.shape)
    shown = ids[FINER // 2 :: FINER, FINER // 2 :: FINER]
    classes = np.array([0, *(1 + kind for kind in kinds)], np.uint8)
    boxes = [_box(shown == number) for number in range(1, len(placed) + 1)]
    image = np.clip(np.rint(small), 0, 255).astype(np.uint8)
    return Scene(image, classes[shown], np.array(kinds), np.array(boxes))


def _place(
    rng: np.random.Generator, sides: NDArray[np.float64]
) -> list[tuple[float, float, float]]:
    """x, y and radius of one large shape and small ones where there is room for them."""
    placed: list[tuple[float, float, float]] = []
    for span in (LARGE, *[SMALL] * 6):
        radius = rng.uniform(*span)
        x, y = rng.uniform(radius, sides[::-1] - radius)
        if all(np.hypot(x - p, y - q) > 0.9 * (radius + r) for p, q, r in placed):
            placed.append((x, y, radius))
    return placed


def _background(rng: np.random.Generator, height: int, width: int) -> NDArray[np.float32]:
    """Smooth patches of dull colours."""
    coarse = rng.uniform(70, 190, (3, 3, 1)) + rng.uniform(-25, 25, (3, 3, 3))
    patches = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(patches, np.float32)


def _colour(rng: np.random.Generator, kind: int) -> tuple[float, ...]:
    """RGB 0..255 around the kind's hue; neighbouring hues meet, so that form counts as well."""
    hue = (360 / len(KINDS) * kind + rng.uniform(-30, 30)) % 360
    pixel = np.array([[[hue, rng.uniform(0.6, 1.0), rng.uniform(0.4, 1.0)]]], np.float32)
    return tuple(255 * float(channel) for channel in cv2.cvtColor(pixel, cv2.COLOR_HSV2RGB)[0, 0])


def _box(visible: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(visible.any(1)), np.flatnonzero(visible.any(0))
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
