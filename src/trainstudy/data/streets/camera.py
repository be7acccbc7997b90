"""A level pinhole camera above flat ground.

World axes: x to the right, y up from the ground, z forward, in metres. The camera stands at
(0, eye, 0). Instead of pitching it down the image is shifted, so verticals stay vertical and the
inverse depth of *every* plane is linear in the image: 1/z = a + b dx + c dy, with the ray slopes
dx = x/z to the right and dy = (eye - y)/z downwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from trainstudy.data.streets.scene import Floats

FOCAL = 0.85
"""Focal length in image widths: a horizontal field of view of 61 degrees."""
Plane = tuple[float, float, float]
Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Camera:
    """Image size in pixels, rows down to the horizon, and height of the eye in metres."""

    height: int
    width: int
    horizon: float
    eye: float

    @property
    def focal(self) -> float:
        """Focal length in pixels."""
        return FOCAL * self.width

    @property
    def ground(self) -> Plane:
        """The plane y = 0."""
        return (0.0, 0.0, 1 / self.eye)

    def project(self, points: Iterable[Point]) -> list[tuple[float, float]]:
        """Column and row of each point; pixel centres lie on whole numbers. Needs z > 0."""
        f, cx, cy, eye = self.focal, self.width / 2 - 0.5, self.horizon - 0.5, self.eye
        return [(cx + f * x / z, cy + f * (eye - y) / z) for x, y, z in points]

    def sees(self, x: float, z: float, reach: float) -> bool:
        """Whether anything within `reach` metres to the sides of (x, z) can be in the image."""
        return abs(x) - reach < 0.5 / FOCAL * z

    def rays(self) -> tuple[Floats, Floats]:
        """Slopes of the rays through the pixel centres: dx [W] and dy [H]."""
        dx = (np.arange(self.width, dtype=np.float32) + 0.5 - self.width / 2) / self.focal
        dy = (np.arange(self.height, dtype=np.float32) + 0.5 - self.horizon) / self.focal
        return dx, dy

    def plane_through(self, p: Point, q: Point, r: Point) -> Plane:
        """Inverse-depth coefficients (a, b, c) of the plane through three points."""
        u = (q[0] - p[0], p[1] - q[1], q[2] - p[2])  # y turned over: downwards from the eye
        v = (r[0] - p[0], p[1] - r[1], r[2] - p[2])
        n = (
            u[1] * v[2] - u[2] * v[1],
            u[2] * v[0] - u[0] * v[2],
            u[0] * v[1] - u[1] * v[0],
        )
        d = n[0] * p[0] + n[1] * (self.eye - p[1]) + n[2] * p[2]
        if abs(d) < 1e-6:  # seen edge-on: it covers no pixels, any depth will do
            return frontal(p[2])
        return (n[2] / d, n[0] / d, n[1] / d)


def frontal(z: float) -> Plane:
    """The plane that faces the camera at a distance of z metres."""
    return (1 / z, 0.0, 0.0)
