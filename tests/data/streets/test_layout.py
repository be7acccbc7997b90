from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.data.streets import PAINTERS
from trainstudy.data.streets.cities import CITIES
from trainstudy.data.streets.layout import furnish, lay_out

EXAMPLES = settings(max_examples=40)
cities = st.sampled_from(sorted(CITIES))
seeds = st.integers(0, 2**32)


def street_and_items(city, seed):
    rng = np.random.default_rng(seed)
    street = lay_out(CITIES[city], rng)
    return street, furnish(street, rng)


@EXAMPLES
@given(cities, seeds)
def test_houses_of_a_side_do_not_overlap_and_leave_the_cross_street_free(city, seed):
    street, _ = street_and_items(city, seed)
    for side in (-1, 1):
        houses = [h for h in street.houses if h.side == side]
        assert len(houses) > 2
        assert all(a.far <= b.near for a, b in pairwise(houses))
        assert all(abs(h.line) >= street.half_road + street.pavement for h in houses)
        if street.junction:
            start, end = street.junction
            assert all(h.far < start or h.near > end for h in houses)


@EXAMPLES
@given(cities, seeds)
def test_things_have_painters_come_from_far_to_near_and_stand_between_the_houses(city, seed):
    street, items = street_and_items(city, seed)
    assert {item.kind for item in items} <= PAINTERS.keys()
    assert [i.z for i in items] == sorted((i.z for i in items), reverse=True)
    assert all(i.z >= 3.5 for i in items if i.kind != "fence")
    assert all(abs(i.s) <= street.half_road + street.pavement + 0.1 for i in items)
    assert not [i for i in items if i.rooted and street.in_junction(i.z)]


@EXAMPLES
@given(cities, seeds)
def test_no_two_cars_stand_in_each_other_and_nobody_stands_in_a_car(city, seed):
    _, items = street_and_items(city, seed)
    for car in (i for i in items if i.kind == "car"):
        inside = [
            i for i in items
            if i is not car and i.kind != "fence"
            and abs(i.s - car.s) < 0.8 and 0 < i.z - car.z < 3.5
        ]  # fmt: skip
        assert not inside


def test_the_old_town_is_the_crowded_one():
    def mean(city, kind):
        streets = [street_and_items(city, seed)[1] for seed in range(30)]
        return np.mean([sum(i.kind == kind for i in items) for items in streets])

    for kind in ("car", "pedestrian"):
        assert mean("old_town", kind) > 1.3 * mean("new_town", kind)


@pytest.mark.parametrize("city", sorted(CITIES))
def test_shadows_are_cast_by_the_houses_on_the_sunny_side_only(city):
    street, _ = street_and_items(city, 5)
    z = np.arange(3, 100, 0.5, dtype=np.float32)
    shaded = street.shadow_reach(z) > 0
    casting = [h for h in street.houses if h.side == street.sun_side]
    expected = np.any([(z >= h.near) & (z < h.far) for h in casting], axis=0)
    np.testing.assert_array_equal(shaded, expected)
