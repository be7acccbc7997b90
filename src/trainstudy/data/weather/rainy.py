"""Rain: wet ground that mirrors the street, a veil of drops, less contrast.

Distant drops act like fog and near ones as streaks whose length and width shrink with distance: K.
Garg and S. K. Nayar, "Vision and rain", IJCV 75 (2007); the division into layers follows S. S.
Halder, J.-F. Lalonde and R. de Charette, "Physics-based rendering for improving robustness to
rain", ICCV 2019.
"""

import cv2
import numpy as np

from trainstudy.data.classes import PAVEMENT, ROAD, SKY
from trainstudy.data.streets.noise import fractal
from trainstudy.data.streets.scene import Floats, Image, Scene, to_image
from trainstudy.data.weather.particles import streaks

_OVERCAST = np.array((150, 156, 162), np.float32)


def apply(scene: Scene, rng: np.random.Generator) -> Image:
    """Wet and veil a scene; strength of the rain, wind and puddles are drawn at random."""
    height, width = scene.label.shape
    strength, wind = rng.uniform(0.6, 1.0), rng.uniform(-0.25, 0.25)
    image = scene.image.astype(np.float32)
    grey = image.mean(axis=2, keepdims=True)
    image = 0.7 * (grey + 0.6 * (image - grey)) + 18  # no direct sun
    clouds = 0.8 + 0.35 * fractal(rng, height, width)[..., None]
    image = np.where((scene.label == SKY)[..., None], _OVERCAST * clouds, image)
    image = _wet(image, scene, rng)

    through = np.exp(-3.912 / (320 / strength) * np.minimum(scene.depth, 500))[..., None]
    image = _OVERCAST * 1.06 + (image - _OVERCAST * 1.06) * through
    for distance, count in ((2.0, 12), (3.5, 50), (6.0, 150), (12.0, 320)):
        drops = streaks(scene.depth, distance, int(count * strength), 0.3, 0.005, wind, rng)
        image += (215 - image) * (0.75 * strength * drops)[..., None]
    return to_image(image)


def _wet(image: Floats, scene: Scene, rng: np.random.Generator) -> Floats:
    """Darken the ground, and mirror in it what stands behind, more so in puddles."""
    height, width = scene.label.shape
    ground = (scene.label == ROAD) | (scene.label == PAVEMENT)
    rows = np.arange(height)[:, None]
    # things are mirrored about the row in which they meet the ground
    foot = np.maximum.accumulate(np.where(ground, -1, rows), axis=0)
    source = np.clip(2 * foot + 1 - rows, 0, height - 1)
    mirror = np.take_along_axis(image, source[..., None], axis=0)
    tall = max(3, height // 12) | 1
    mirror = cv2.blur(mirror, (max(1, width // 96) | 1, tall))
    puddles = np.clip((fractal(rng, height, width, cells=6) - 0.45) * 5, 0, 1)
    # water reflects more at grazing angles, that is further off
    glance = np.clip(0.22 + np.minimum(scene.depth, 60) / 110, 0, 0.62)
    share = (glance * (0.55 + 0.45 * puddles) * ground)[..., None]
    wet = np.where(ground[..., None], 0.62 * image, image)
    mirrored: Floats = (wet * (1 - share) + mirror * share).astype(np.float32)
    return mirrored
