"""Night: little and bluish light, lamps and windows that glow, noise of the sensor.

The image is taken back to linear light before it is darkened, and lamps are added there, as light
adds. Noise: photons (variance in proportion to the light) and reading, the Poissonian-Gaussian
model of A. Foi et al., IEEE Trans. Image Processing 17 (2008). The blue shift follows W. B.
Thompson, P. Shirley and J. A. Ferwerda, "A spatial post-processing algorithm for images of night
scenes", J. Graphics Tools 7 (2002).
"""

import cv2
import numpy as np

from trainstudy.data.classes import PAVEMENT, ROAD, SKY
from trainstudy.data.streets.scene import Floats, Image, Scene, to_image

_GAMMA = 2.2
_MOON = np.array((0.62, 0.78, 1.15), np.float32)
_WARM = np.array((1.0, 0.74, 0.42), np.float32)
_BEAM = np.array((1.0, 0.95, 0.82), np.float32)
_HALOS = ((0.006, 0.8), (0.02, 1.0), (0.06, 1.2))
"""Light scattered in lens and air: widths as shares of the image's, and weights."""


def apply(scene: Scene, rng: np.random.Generator) -> Image:
    """Darken a scene and light its lamps; exposure, lamplight and noise are drawn at random."""
    width = scene.label.shape[1]
    moon, lamps, noise = rng.uniform(0.022, 0.055), rng.uniform(0.8, 1.3), rng.uniform(0.5, 1.0)
    linear = (scene.image.astype(np.float32) / 255) ** _GAMMA
    grey = linear.mean(axis=2, keepdims=True)
    sky = (scene.label == SKY)[..., None]
    matter = np.where(sky, 0.12 * grey, 0.5 * grey + 0.5 * linear)  # colours fade in the dark

    light = moon * _MOON + _headlights(scene)[..., None] * _BEAM
    glow = np.zeros_like(linear) if scene.glow is None else (scene.glow / 255) ** _GAMMA * lamps
    spread = sum(
        (cv2.GaussianBlur(glow, (0, 0), width * sigma) * weight for sigma, weight in _HALOS),
        np.zeros_like(glow),
    )
    lit = matter * (light + 3.2 * spread) + 0.2 * spread + 0.65 * glow
    ground = (scene.label == ROAD) | (scene.label == PAVEMENT)
    lamplight = 0.05 * lamps * ground[..., None] * linear * _WARM  # street lamps overhead
    lit = np.maximum(lit + lamplight, 0)
    sigma = noise * np.sqrt(2.5e-4 * lit + 1.2e-5)
    lit = lit + sigma * rng.standard_normal(lit.shape, np.float32)
    return to_image(255 * np.clip(lit, 0, 1) ** (1 / _GAMMA))


def _headlights(scene: Scene) -> Floats:
    """Light of our own lamps: a cone ahead, falling with the square of the distance."""
    height, width = scene.label.shape
    across = (np.arange(width, dtype=np.float32) + 0.5 - width / 2) / (0.33 * width)
    down = (np.arange(height, dtype=np.float32)[:, None] / height - 0.62) / 0.25
    cone = np.exp(-(across**2) - np.where(down < 0, 2.0, 0.4) * down**2)
    near = 1 / (1 + (np.minimum(scene.depth, 1e3) / 14) ** 2)
    light: Floats = (0.85 * cone * near).astype(np.float32)
    return light
