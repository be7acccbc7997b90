import numpy as np
import pytest

from trainstudy.data import streets, weather
from trainstudy.data.streets import CITIES

SCENES = [streets.draw(city, 7, index) for city in sorted(CITIES) for index in range(4)]


def apply(domain, scene, seed=0):
    return weather.apply(domain, scene, np.random.default_rng(seed))


@pytest.mark.parametrize("domain", weather.DOMAINS)
def test_weather_keeps_the_shape_and_leaves_the_scene_as_it_was(domain):
    for scene in SCENES[::3]:
        before = scene.image.copy()
        image = apply(domain, scene)
        assert (image.shape, image.dtype) == (scene.image.shape, np.uint8)
        assert not np.shares_memory(image, scene.image)
        np.testing.assert_array_equal(scene.image, before)


@pytest.mark.parametrize("domain", weather.DOMAINS)
def test_weather_is_a_function_of_scene_and_randomness(domain):
    scene = SCENES[0]
    np.testing.assert_array_equal(apply(domain, scene), apply(domain, scene))
    changed = (apply(domain, scene, 0) != apply(domain, scene, 1)).any()
    assert changed == (domain != "clear_day")


def test_a_clear_day_is_the_scene_as_drawn():
    for scene in SCENES:
        np.testing.assert_array_equal(apply("clear_day", scene), scene.image)


@pytest.mark.parametrize("domain", weather.DOMAINS[1:])
def test_every_other_weather_changes_the_picture_visibly(domain):
    for scene in SCENES:
        assert np.abs(apply(domain, scene).astype(int) - scene.image).mean() > 12


@pytest.mark.parametrize("domain", weather.DOMAINS)
def test_draw_shows_the_same_street_in_every_domain(domain):
    scene = weather.draw(domain, "old_town", 3, 5, 48, 64)
    clear = streets.draw("old_town", 3, 5, 48, 64)
    np.testing.assert_array_equal(scene.label, clear.label)
    np.testing.assert_array_equal(scene.depth, clear.depth)
    again = weather.draw(domain, "old_town", 3, 5, 48, 64)
    np.testing.assert_array_equal(scene.image, again.image)


def test_unknown_names_are_refused_with_the_accepted_ones():
    with pytest.raises(ValueError, match="unknown domain 'hail'; accepted: clear_day, foggy"):
        weather.apply("hail", SCENES[0], np.random.default_rng(0))
    with pytest.raises(ValueError, match="unknown domain 'hail'"):
        weather.draw("hail", "new_town", 0, 0)
    with pytest.raises(ValueError, match="unknown city 'atlantis'"):
        weather.draw("foggy", "atlantis", 0, 0)
