"""A street in plan: its course, its zones, its houses, and the things in it.

Places are given by s, metres to the right of the middle of the road, and z, metres ahead.
"""

from dataclasses import dataclass, replace

import numpy as np

from trainstudy.data.streets.cities import City
from trainstudy.data.streets.scene import Floats

Look = tuple[float, ...]
"""Eight numbers in 0..1 that decide how an individual thing looks."""


@dataclass(frozen=True, slots=True)
class House:
    """A house on one side (-1 left, 1 right), its front on s = line from z = near to far."""

    side: int
    near: float
    far: float
    line: float
    floors: int
    look: Look

    @property
    def height(self) -> float:
        """Up to the eaves."""
        return self.floors * (2.9 + 0.5 * self.look[0]) + 0.8


@dataclass(frozen=True, slots=True)
class Item:
    """A thing in the street; `kind` names its painter. Cars: `away` from us or towards us."""

    kind: str
    z: float
    s: float
    look: Look
    away: bool = True
    parked: bool = False
    length: float = 0.0

    @property
    def rooted(self) -> bool:
        """Whether it cannot stand on a carriageway."""
        return self.parked or self.kind not in ("car", "cyclist", "pedestrian", "traffic_light")


@dataclass(frozen=True, slots=True)
class Street:
    """The camera stands at s = -offset, looking along the street; `bend` is its curvature."""

    city: City
    half_road: float
    pavement: float
    offset: float
    bend: float
    junction: tuple[float, float] | None
    lawn: bool
    sun_side: int
    sunlight: float
    sun_slope: float
    """Length of a shadow across the street for each metre of height."""
    houses: tuple[House, ...]

    def with_houses(self, houses: tuple[House, ...]) -> "Street":
        """The same street, built up."""
        return replace(self, houses=houses)

    def x(self, s: float, z: float) -> float:
        """From street to camera coordinates."""
        return s + self.offset + self.bend * z * z / 2

    def slope(self, z: float) -> float:
        """Sideways drift of the street, metres a metre ahead."""
        return self.bend * z

    def in_junction(self, z: float) -> bool:
        """Whether z lies on the cross street."""
        return self.junction is not None and self.junction[0] - 1 < z < self.junction[1] + 1

    def shadow_reach(self, z: Floats) -> Floats:
        """How far, in metres from the house line, the houses' shadow falls into the street."""
        reach = np.zeros_like(z)
        for house in self.houses:
            if house.side == self.sun_side:
                reach[(z >= house.near) & (z < house.far)] = house.height * self.sun_slope
        return reach

    def item(
        self, kind: str, z: float, s: float, rng: np.random.Generator,
        away: bool = True, parked: bool = False,
    ) -> Item:  # fmt: skip
        """A thing with a look of its own."""
        return Item(kind, z, s, tuple(rng.random(8).tolist()), away, parked)
