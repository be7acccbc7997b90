import pytest

from trainstudy.data import weather
from trainstudy.data.generated.domains import ALIASES, canonical, known


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("fog", "foggy"), ("Foggy", "foggy"), ("clear_day2fog", "foggy"), ("rain", "rainy"),
        ("sunny_day2snowy", "snowy"), ("dusk", "dawn_dusk"), ("dawn-dusk", "dawn_dusk"),
        ("night", "night"), ("night2day", "clear_day"), ("clear_to_rain", "rainy"),
        (" Sunny Day ", "clear_day"), ("sun_flare", "sun_flare"), ("CSD-teacher", "CSD-teacher"),
    ],
)  # fmt: skip
def test_every_spelling_of_a_domain_is_one(name, domain):
    assert canonical(name) == domain


@pytest.mark.parametrize(
    ("name", "domain"),
    [("FOG", "foggy"), ("Dawn-Dusk", "dawn_dusk"), ("clear_day2fog", None), ("low_light", None)],
)
def test_a_translation_is_no_domain_s_name(name, domain):
    assert known(name) == domain


def test_no_alias_means_two_domains_and_canonical_names_stay():
    aliases = [alias for names in ALIASES.values() for alias in names]
    assert len(set(aliases) | ALIASES.keys()) == len(aliases) + len(ALIASES)
    assert [canonical(name) for name in (*ALIASES, *weather.DOMAINS)] == [
        *ALIASES,
        *weather.DOMAINS,
    ]
