import re

import pytest

from trainstudy.book import scenes
from trainstudy.data import streets, weather
from trainstudy.parameters import ParameterError
from trainstudy.strategies import STRATEGIES, get

PARAMETERS = scenes.StreetScenes.checked(size=[48, 64])


def images(shown) -> list[str]:
    return re.findall(r'src="data:image/webp;base64,[^"]+" alt="([^"]+)"', shown._repr_html_())


def test_every_city_is_shown_in_every_weather():
    alts = images(scenes.weather_gallery(PARAMETERS, scenes=1))
    assert len(alts) == len(streets.CITIES) * len(weather.DOMAINS)
    for domain in weather.DOMAINS:
        assert sum(domain.replace("_", " ") in alt for alt in alts) == len(streets.CITIES)


def test_labels_and_depth_stand_beside_the_image():
    assert len(images(scenes.label_gallery(PARAMETERS))) == 3 * len(streets.CITIES)


def test_every_strategy_that_needs_no_manifest_has_its_row():
    shown = scenes.strategy_gallery(PARAMETERS, samples=2)
    alts = images(shown)
    for name in STRATEGIES:
        row = 0 if get(name).reads_manifest else 2
        assert sum(alt.endswith(f": {name}") for alt in alts) == row


def test_a_page_is_the_same_at_every_build():
    first, second = (scenes.strategy_gallery(PARAMETERS, samples=1) for _ in range(2))
    assert first._repr_html_() == second._repr_html_()


def test_a_size_is_height_and_width():
    with pytest.raises(ParameterError, match="'size'"):
        scenes.StreetScenes.checked(size=[144])
