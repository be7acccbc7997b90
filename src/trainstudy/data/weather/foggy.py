"""Fog.

Koschmieder's law: I = J t + A (1 - t), with the transmittance t = exp(-beta d) and the airlight A.
The extinction coefficient beta follows from the meteorological visibility V, the distance at which
t falls to 2 %: beta = 3.912 / V. H. Koschmieder, "Theorie der horizontalen Sichtweite", Beitr.
Phys. freien Atm. 12 (1924); used on depth maps by C. Sakaridis, D. Dai and L. Van Gool, "Semantic
foggy scene understanding with synthetic data", IJCV 126 (2018).
"""

import numpy as np

from trainstudy.data.streets.scene import Image, Scene, to_image

VISIBILITY = (45.0, 220.0)
"""Range of visibilities in metres: dense fog."""
_SKY_DISTANCE = 1000.0


def apply(scene: Scene, rng: np.random.Generator) -> Image:
    """Veil a scene by its depth; visibility and the grey of the airlight are drawn at random."""
    beta = 3.912 / np.exp(rng.uniform(*np.log(VISIBILITY)))
    airlight = rng.uniform(188, 222) * np.array((0.985, 1.0, 1.01), np.float32)
    distance = np.minimum(scene.depth, _SKY_DISTANCE)
    through = np.exp(np.float32(-beta) * distance)[..., None]
    return to_image(scene.image * through + airlight * (1 - through))
