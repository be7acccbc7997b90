"""Strategy, dataset and model of a run from where its folder lies."""

import re
from pathlib import Path
from typing import NamedTuple

from trainstudy.runs.aliases import DATASETS, dataset

UNKNOWN = "unknown"
STRATEGY = re.compile(r"none|baseline|(?:std|gen)_.+", re.IGNORECASE)
# narrow: what is taken for one is averaged with those beside it
REPLICATE = re.compile(r"\d+|(?:seed|run)[-_=.]?(?:\d+|(?<=[-_=.])[a-z])?", re.IGNORECASE)


class Names(NamedTuple):
    """What was trained; ``unknown`` where the path does not tell."""

    strategy: str
    dataset: str
    model: str


def names_of(folder: Path, root: Path) -> Names:
    """Names from ``.../{strategy}/{dataset}/{model}/...``, the layout of the published study.

    A known data set fixes the levels, and so does a folder named like a strategy (none, baseline,
    std_*, gen_*), also when it is the root that was asked for or one of the two folders above.
    Levels below the model belong to its name, ``pspnet_r50/warm``, but for those of replicates
    (seed_1, run2, 3), which are left out of other layouts too. Otherwise exactly three levels below
    the root are strategy, dataset and model, and with another number the last one is the model.

    Whatever is unknown, two folders that are no replicates have names of their own: the path from
    the root stands for a strategy that cannot be told, or for the data set of one that can.
    """
    parts, start = folder.parts, len(root.parts)
    at = _strategy_level(parts, start)
    if at is not None:
        is_told = at >= start or STRATEGY.fullmatch(parts[at])
        model = "/".join(_without_replicates(parts[at + 2 :]))
        return Names(parts[at] if is_told else UNKNOWN, parts[at + 1], model)
    below = _without_replicates(parts[start:])
    parts = parts[:start] + below
    if len(parts) > max(start - 2, 1) and STRATEGY.fullmatch(parts[-2]):
        return Names(parts[-2], "/".join(parts[start:-2]) or UNKNOWN, parts[-1])
    if len(below) == 3:
        return Names(*below)
    model = below[-1] if below else folder.name or UNKNOWN
    return Names("/".join(below[:-1]) or UNKNOWN, UNKNOWN, model)


def _strategy_level(parts: tuple[str, ...], start: int) -> int | None:
    """The level of the strategy, known by its name or by the data set below it, deepest first.

    Levels from ``start`` on are below the root. None where no such level has two below it.
    """
    levels = range(len(parts) - 3, max(start - 4, -1), -1)
    above_known = (at for at in levels if dataset(parts[at + 1]) in DATASETS)
    for at in above_known:
        is_near = at >= start - 1 or at == len(parts) - 3  # not a folder that all of it lies in
        if is_near and not any(map(STRATEGY.fullmatch, parts[at + 2 : -1])):
            return at
    last = start + len(_without_replicates(parts[start:])) - 1
    return next((at for at in levels if at < last - 1 and STRATEGY.fullmatch(parts[at])), None)


def _without_replicates(levels: tuple[str, ...]) -> tuple[str, ...]:
    """Without the last levels that only count replicates; the first level stays, and the one below
    a strategy."""
    *above, last = levels or ("",)
    if not above or not REPLICATE.fullmatch(last) or STRATEGY.fullmatch(above[-1]):
        return levels
    return _without_replicates(tuple(above))
