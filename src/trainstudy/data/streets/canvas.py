"""A painter's canvas that remembers which surface each pixel shows.

Everything is painted from far to near into one float buffer: red, green, blue and the number of
the surface. Class, depth and light given off are properties of a surface, not of a pixel, so one
drawing call sets all of them and they cannot disagree.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from trainstudy.data.streets.camera import Camera, Plane, Point, frontal
from trainstudy.data.streets.scene import Floats

Colour = tuple[float, float, float]
Flat = tuple[float, float]
DARK: Colour = (0.0, 0.0, 0.0)
FAR = 1e-3
"""Smallest inverse depth of anything but the sky, 1/m."""


class Canvas:
    """The buffer, float32 [H, W, 4], and the tables of its surfaces. Surface 0 is the sky."""

    def __init__(self, camera: Camera) -> None:
        self.camera = camera
        self.buffer = np.zeros((camera.height, camera.width, 4), np.float32)
        self.labels: list[int] = []
        self.planes: list[Plane] = []
        self.glows: list[Colour] = []
        self.surface(0, (0.0, 0.0, 0.0))

    def surface(self, label: int, plane: Plane, glow: Colour = DARK) -> int:
        """Number of a new surface of a class, with its plane and the light it gives off."""
        self.labels.append(label)
        self.planes.append(plane)
        self.glows.append(glow)
        return len(self.labels) - 1

    def ids(self) -> NDArray[np.int32]:
        """The surface that each pixel shows, int32 [H, W]."""
        return self.buffer[..., 3].astype(np.int32)

    def polygon(self, points: Sequence[Point], colour: Colour, surface: int) -> None:
        """Fill a polygon given in world coordinates."""
        self.fill(self.camera.project(points), colour, surface)

    def fill(self, pixels: Sequence[Flat], colour: Colour, surface: int) -> None:
        """Fill a polygon given in pixels (a sixteenth of a pixel counts)."""
        corners = np.array([(int(16 * c), int(16 * r)) for c, r in pixels], np.int32)
        cv2.fillPoly(self.buffer, [corners], (*colour, surface), shift=4)

    def billboard(self, x: float, z: float, label: int, squeeze: float = 1.0) -> "Pen":
        """A pen for an upright cut-out that stands at (x, 0, z) and faces the camera."""
        return Pen(self, x, z, self.surface(label, frontal(z)), squeeze)

    def depth(self, ids: NDArray[np.int32], camera: Camera) -> Floats:
        """Metres to the surfaces `ids` [H, W] as that camera sees them; the sky is at infinity."""
        dx, dy = camera.rays()
        planes = np.array(self.planes, np.float32)[ids]
        inverse = planes[..., 0] + planes[..., 1] * dx + planes[..., 2] * dy[:, None]
        with np.errstate(divide="ignore"):
            return np.where(ids > 0, 1 / np.maximum(inverse, FAR), np.float32(np.inf))


class Pen:
    """Draws on an upright cut-out, in metres to the right of and above its foot."""

    def __init__(self, canvas: Canvas, x: float, z: float, surface: int, squeeze: float) -> None:
        self.canvas, self.z, self.surface = canvas, z, surface
        self.scale = canvas.camera.focal / z
        """Pixels a metre; lets painters leave out what would be too small to see."""
        self.squeeze = squeeze
        ((self._column, self._row),) = canvas.camera.project([(x, 0.0, z)])

    def _pixel(self, point: Flat) -> Flat:
        right, up = point
        return self._column + self.scale * self.squeeze * right, self._row - self.scale * up

    def polygon(self, points: Sequence[Flat], colour: Colour, surface: int | None = None) -> None:
        """Fill a polygon."""
        pixels = [self._pixel(p) for p in points]
        self.canvas.fill(pixels, colour, self.surface if surface is None else surface)

    def box(self, left: float, bottom: float, right: float, top: float, colour: Colour) -> None:
        """Fill an upright rectangle."""
        self.polygon([(left, bottom), (right, bottom), (right, top), (left, top)], colour)

    def stroke(self, points: Sequence[Flat], thickness: float, colour: Colour) -> None:
        """Draw a line with round ends, at least one pixel wide."""
        path = np.array([[round(16 * v) for v in self._pixel(p)] for p in points], np.int32)
        wide = max(1, round(thickness * self.scale))
        cv2.polylines(self.canvas.buffer, [path], False, (*colour, self.surface), wide, shift=4)

    def disc(self, centre: Flat, radius: float, colour: Colour, glow: Colour = DARK) -> None:
        """Fill a disc, which may be a lamp."""
        surface = self.surface
        if glow != DARK:
            surface = self.canvas.surface(
                self.canvas.labels[surface], self.canvas.planes[surface], glow
            )
        at = self._subpixel(centre)
        axes = [max(8, round(16 * self.scale * s * radius)) for s in (self.squeeze, 1.0)]
        cv2.ellipse(self.canvas.buffer, at, axes, 0, 0, 360, (*colour, surface), -1, shift=4)

    def ring(self, centre: Flat, radius: float, thickness: float, colour: Colour) -> None:
        """Draw the outline of a disc."""
        at, wide = self._subpixel(centre), max(1, round(thickness * self.scale))
        axes = [max(8, round(16 * self.scale * s * radius)) for s in (self.squeeze, 1.0)]
        paint = (*colour, self.surface)
        cv2.ellipse(self.canvas.buffer, at, axes, 0, 0, 360, paint, wide, shift=4)

    def _subpixel(self, point: Flat) -> tuple[int, int]:
        column, row = self._pixel(point)
        return round(16 * column), round(16 * row)


def shade(colour: Colour, factor: float) -> Colour:
    """A colour made darker (below 1) or lighter (above 1)."""
    return (colour[0] * factor, colour[1] * factor, colour[2] * factor)
