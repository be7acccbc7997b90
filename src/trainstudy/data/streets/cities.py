"""The cities: what their streets have in common, as ranges that a street is drawn from.

`new_town` is the easy one: wide, straight, few occluders, every class with a colour of its own.
`old_town` is the hard one: narrow and winding, crowded, its plaster, cobbles and flags of one tone.
"""

from dataclasses import dataclass
from typing import Final

from trainstudy.data.streets.canvas import Colour

Range = tuple[float, float]
Palette = tuple[Colour, ...]


@dataclass(frozen=True, slots=True)
class City:
    """Lengths in metres; densities in objects per 100 m of one side; shares between 0 and 1."""

    reach: float
    """How far away things in the street are still drawn."""
    half_road: Range
    pavement: Range
    bend: Range
    """Curvature of the street, 1/m."""
    frontage: Range
    """Width of a house front."""
    setback: Range
    """From the pavement to the house."""
    floors: tuple[int, int]
    pitched: float
    """Share of houses with a pitched roof."""
    shops: float
    """Share of houses with a shop on the ground floor."""
    gaps: float
    """Chance of a passage between two houses."""
    cobbles: bool
    """Whether the road is of stones, without markings, or of asphalt with them."""
    lawns: float
    """Share of streets with grass in front of the houses."""
    fences: float
    """Share of front gardens or yards with a fence."""
    trees: Range
    lamps: Range
    signs: Range
    post: float
    """Thickness of a lamp post."""
    sign_size: float
    """Width of a traffic sign."""
    parked: Range
    pedestrians: Range
    bollards: float
    """Share of pavements with bollards."""
    traffic: tuple[int, int]
    """Moving cars in the street."""
    cyclists: tuple[int, int]
    junction: float
    """Chance of a cross street, with traffic lights."""
    sun: Range
    """How much darker shade is than sunlight."""
    walls: Palette
    roofs: Palette
    cars: Palette
    clothes: Palette
    road: Colour
    pavement_colour: Colour


NEW_TOWN: Final = City(
    reach=42, half_road=(4.6, 6.0), pavement=(2.4, 3.4), bend=(-0.0008, 0.0008),
    frontage=(14, 26), setback=(2.5, 6), floors=(3, 7), pitched=0.15, shops=0.3, gaps=0.35,
    cobbles=False, lawns=0.8, fences=0.7,
    trees=(3, 6), lamps=(6, 8), post=0.28, signs=(5, 7), sign_size=1.2, parked=(0, 4),
    pedestrians=(7, 12), bollards=0.0, traffic=(1, 3), cyclists=(1, 3), junction=0.6,
    sun=(0.25, 0.4),
    walls=(
        (236, 228, 212), (222, 206, 182), (205, 122, 90), (240, 240, 236), (196, 84, 66),
        (226, 190, 130), (176, 196, 208),
    ),
    roofs=((150, 72, 56), (96, 98, 106), (120, 84, 70)),
    cars=(
        (196, 32, 36), (28, 66, 160), (236, 236, 238), (24, 26, 30), (232, 180, 24), (24, 120, 84),
        (160, 166, 174),
    ),
    clothes=((206, 40, 60), (250, 200, 40), (30, 90, 190), (240, 240, 240), (40, 150, 90)),
    road=(88, 90, 96), pavement_colour=(184, 178, 168),
)  # fmt: skip

OLD_TOWN: Final = City(
    reach=95, half_road=(2.9, 3.7), pavement=(1.3, 2.0), bend=(-0.0065, 0.0065),
    frontage=(5, 11), setback=(0, 0.7), floors=(2, 5), pitched=0.85, shops=0.45, gaps=0.12,
    cobbles=True, lawns=0.0, fences=0.35,
    trees=(0.5, 3), lamps=(2, 4), post=0.11, signs=(2, 6), sign_size=0.42, parked=(6, 13),
    pedestrians=(6, 16), bollards=0.2, traffic=(0, 2), cyclists=(1, 3), junction=0.4,
    sun=(0.35, 0.7),
    walls=(
        (186, 164, 132), (172, 150, 128), (198, 178, 148), (160, 142, 126), (178, 140, 116),
        (150, 146, 138), (190, 170, 154), (166, 152, 120),
    ),
    roofs=((128, 84, 66), (112, 92, 82), (104, 98, 96), (140, 96, 72)),
    cars=(
        (122, 116, 110), (70, 72, 78), (150, 142, 130), (96, 60, 54), (64, 74, 88), (176, 172, 166),
        (84, 90, 80),
    ),
    clothes=((96, 84, 76), (60, 60, 68), (140, 124, 108), (110, 70, 62), (76, 84, 96),
             (168, 158, 146)),
    road=(138, 130, 120), pavement_colour=(146, 137, 126),
)  # fmt: skip

CITIES: Final[dict[str, City]] = {"new_town": NEW_TOWN, "old_town": OLD_TOWN}
