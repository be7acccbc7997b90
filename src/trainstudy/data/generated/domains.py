"""One name for every domain: the study's manifests call fog ``foggy``, ``fog`` and ``Foggy``."""

import re

ALIASES = {
    "clear_day": ("clear", "clearday", "day", "sunny", "sunny_day"),
    "cloudy": ("clouds", "overcast"),
    "dawn_dusk": ("dawn", "dawndusk", "dusk", "sunrise_sunset", "sunrisesunset", "twilight"),
    "foggy": ("fog", "haze", "hazy", "mist", "misty"),
    "night": ("nighttime", "night_time"),
    "rainy": ("rain",),
    "snowy": ("snow", "snow_no_flakes"),
}
_BY_ALIAS = {alias: name for name, aliases in ALIASES.items() for alias in aliases}


def canonical(name: str) -> str:
    """The study's name of a domain; of a translation such as ``clear_day2fog`` that of its target.

    A name that no rule knows passes unchanged.
    """
    target = re.split(r"2|_to_", name.strip().lower())[-1]
    return known(target) or name.strip()


def known(name: str) -> str | None:
    """The study's name of a single domain in any of its spellings; None where no rule knows it."""
    plain = name.lower().replace("-", "_").replace(" ", "_")
    return _BY_ALIAS.get(plain, plain if plain in ALIASES else None)
