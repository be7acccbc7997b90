"""Strategy, dataset and model of a run from where its folder lies."""

import re
from pathlib import Path
from typing import NamedTuple

from trainstudy.runs.aliases import DATASETS, dataset

UNKNOWN = "unknown"
STRATEGY = re.compile(r"none|baseline|(?:std|gen)_.+", re.IGNORECASE)


class Names(NamedTuple):
    """What was trained; ``unknown`` where the path does not tell."""

    strategy: str
    dataset: str
    model: str


def names_of(folder: Path, root: Path) -> Names:
    """Names from ``.../{strategy}/{dataset}/{model}/...``, the layout of the published study.

    A folder named like a strategy (none, baseline, std_*, gen_*) fixes the levels, also when it is
    the root that was asked for or one of the two folders above. Otherwise exactly three levels
    below the root are strategy, dataset and model, and with fewer the last one is the model.
    """
    below = folder.parts[len(root.parts) :]
    for levels in (3, 2):
        for first in range(len(folder.parts) - levels, max(len(root.parts) - 4, 0), -1):
            if STRATEGY.fullmatch(folder.parts[first]):
                found = folder.parts[first : first + levels]
                return Names(found[0], found[1] if levels == 3 else UNKNOWN, found[-1])
    if len(below) == 3:
        return Names(*below)
    above = folder.parent.name
    return Names(UNKNOWN, above if dataset(above) in DATASETS else UNKNOWN, folder.name or UNKNOWN)
