"""Lays out a street: which houses stand where, and what stands and moves in front of them.

Everything is in metres, so the same street can be drawn at any size.
"""

from collections.abc import Iterator

import numpy as np

from trainstudy.data.streets.cities import City, Range
from trainstudy.data.streets.plan import House, Item, Street

END = 120.0
"""How far the houses reach, metres."""
_FIRST_HOUSE = 2.0


def lay_out(city: City, rng: np.random.Generator) -> Street:
    """A street of a city."""
    half, pavement = rng.uniform(*city.half_road), rng.uniform(*city.pavement)
    junction = None
    if rng.random() < city.junction:
        start = rng.uniform(15, 40)
        junction = (start, start + rng.uniform(1.4, 2.0) * half)
    lawn = bool(rng.random() < city.lawns)
    street = Street(
        city=city,
        half_road=half,
        pavement=pavement,
        offset=-half * rng.uniform(0.3, 0.5),
        bend=rng.uniform(*city.bend),
        junction=junction,
        lawn=lawn,
        sun_side=int(rng.choice((-1, 1))),
        sunlight=rng.uniform(*city.sun),
        sun_slope=rng.uniform(0.25, 0.7),
        houses=(),
    )
    houses = [h for side in (-1, 1) for h in _houses(street, side, rng)]
    return street.with_houses(tuple(houses))


def furnish(street: Street, rng: np.random.Generator) -> list[Item]:
    """Everything in the street but the houses, from far to near."""
    items = [*_traffic(street, rng)]
    for side in (-1, 1):
        items += _roadside(street, side, rng)
    cars: list[Item] = []
    clear: list[Item] = []
    for item in sorted(items, key=lambda item: item.kind != "car"):  # the others give way to cars
        if item.z < 3.5 or (item.rooted and street.in_junction(item.z)):
            continue
        if not any(_collide(item, car) for car in cars):
            (cars if item.kind == "car" else clear).append(item)
    return sorted(cars + clear, key=lambda item: -item.z)


def _collide(item: Item, car: Item) -> bool:
    wide, behind = (2.0, 5.4) if item.kind == "car" else (1.35, 0.6)
    return abs(item.s - car.s) < wide and -behind < item.z - car.z < 5.4


def _houses(street: Street, side: int, rng: np.random.Generator) -> Iterator[House]:
    city, z = street.city, _FIRST_HOUSE
    while z < END:
        z += rng.uniform(1.5, 4) if rng.random() < city.gaps else 0.0
        width = rng.uniform(*city.frontage)
        look = rng.random(8)
        setback, floors = rng.uniform(*city.setback), rng.integers(*city.floors, endpoint=True)
        near, far = z, z + width
        if street.junction and far > street.junction[0] - 1 and near < street.junction[1] + 1:
            far = street.junction[0] - 1  # the corner house ends where the cross street begins
            z = street.junction[1] + 1
        else:
            z = far
        if far - near > 3:
            line = side * (street.half_road + street.pavement + setback)
            yield House(side, near, far, line, int(floors), tuple(look.tolist()))


def _traffic(street: Street, rng: np.random.Generator) -> Iterator[Item]:
    city, lane = street.city, street.half_road / 2
    z = rng.uniform(9, 16)
    for _ in range(rng.integers(*city.traffic, endpoint=True)):
        away = rng.random() < 0.6
        yield street.item("car", z, lane if away else -lane, rng, away=away)
        z += rng.uniform(9, 22)
    for _ in range(rng.integers(*city.cyclists, endpoint=True)):
        away = rng.random() < 0.7
        s = street.half_road * rng.uniform(0.35, 0.8)
        yield street.item("cyclist", rng.uniform(6, 26), s if away else -s, rng, away=away)
    if rng.random() < 0.35:  # somebody crosses
        s = street.half_road * rng.uniform(-0.8, 0.8)
        yield street.item("pedestrian", rng.uniform(8, 22), s, rng)
    if street.junction:
        for side in (-1, 1):
            s = side * (street.half_road + 0.5)
            yield street.item("traffic_light", street.junction[0] - 2.2, s, rng)


def _roadside(street: Street, side: int, rng: np.random.Generator) -> Iterator[Item]:
    city, half, pavement = street.city, street.half_road, street.pavement

    def along(kind: str, density: Range, s: Range) -> Iterator[Item]:
        for z in _spots(density, city.reach, rng):
            yield street.item(kind, z, side * rng.uniform(*s), rng)

    kerb = (half + 0.35, half + 0.55)
    yield from along("tree", city.trees, (half + 0.7, half + 0.9))
    yield from along("lamp", city.lamps, kerb)
    yield from along("sign", city.signs, kerb)
    yield from along("pedestrian", city.pedestrians, (half + 0.8, half + pavement))
    if rng.random() < 0.5:  # riders on the pavement's edge, some crossing
        yield street.item("cyclist", rng.uniform(8, 24), side * (half - 0.6), rng, away=side > 0)
    if rng.random() < city.bollards:
        for z in np.arange(5, 40, 2.2):
            yield street.item("bollard", float(z), side * (half + 0.25), rng)
    for z in _spots(city.parked, city.reach, rng, apart=5.6):
        yield street.item("car", z, side * (half - 1.05), rng, away=side > 0, parked=True)
    for house in street.houses:
        if house.side == side and rng.random() < city.fences:
            yield from _fence(street, house, rng)


def _fence(street: Street, house: House, rng: np.random.Generator) -> Iterator[Item]:
    look, step = tuple(rng.random(8).tolist()), 2.5
    s = house.side * (street.half_road + street.pavement + 0.05)
    span = (house.far - house.near) * (1 if street.lawn else 0.6)
    for i in range(int(span / step)):
        z = max(house.near, 2.0) + i * step
        if i != 2 and z < street.city.reach:  # 2: the gate
            yield Item("fence", z, s, look, length=step)


def _spots(
    density: Range, reach: float, rng: np.random.Generator, apart: float = 0.0
) -> list[float]:
    """Random distances, `density` to 100 m, at least `apart` from each other."""
    count = int(rng.uniform(*density) * (reach - 4) / 100 + rng.random())
    spots: list[float] = []
    for z in np.sort(4 + (reach - 4) * rng.random(count)):
        if not spots or z - spots[-1] >= apart:
            spots.append(float(z))
    return spots
