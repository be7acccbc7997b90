"""The same results found twice: a copied file or folder, or a table exported from a run."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from trainstudy.runs import aliases

CURVE = ["strategy", "dataset", "model", "split"]
MOST_DECIMALS = 4  # finer differences than this are of how a number was stored
# Replicates differ by tenths of a point: a decimal in which two scores agree is a tenfold chance
# against two trainings. A million to one is needed, of different scores: failed ones stand still.
SURE = 6


class _Curve(NamedTuple):
    """mIoU and pixel accuracy by iteration, and the decimals that either is given with."""

    scores: dict[int, tuple[float, float]]
    decimals: tuple[int, int]


def copies(rows: pd.DataFrame) -> list[str]:
    """For each row of curves the run that has the same results too, empty where none has.

    A curve is a copy where another run of the same configuration and split, under any of their
    names, has all its results (two or more), equal to the digits of the coarser one, and these are
    enough digits to rule out chance. Of copies the longest counts, then the first in ``rows``.
    """
    named, _ = aliases.canonical(rows)
    found = [""] * len(named)
    for positions in named.groupby(CURVE).indices.values():
        originals = _originals(named.iloc[positions])
        for position in positions if originals else ():
            found[position] = originals.get(str(named["run"].iat[position]), "")
    return found


def _originals(rows: pd.DataFrame) -> dict[str, str]:
    """The run that counts, for every run that is a copy."""
    curves = {str(run): _curve(one) for run, one in rows.groupby("run", sort=False)}
    kept: list[str] = []
    found: dict[str, str] = {}
    for run in sorted(curves, key=lambda run: -len(curves[run].scores)):
        same = (one for one in kept if _is_copy(curves[run], curves[one]))
        if original := next(same, None):
            found[run] = original
        else:
            kept.append(run)
    return found


def _curve(rows: pd.DataFrame) -> _Curve:
    mious, accuracies = rows["mIoU"], rows["pixel_acc"]
    scores = dict(zip(rows["iteration"], zip(mious, accuracies, strict=True), strict=True))
    return _Curve(scores, (_decimals(mious), _decimals(accuracies.dropna())))


def _decimals(scores: Iterable[float]) -> int:
    shown = (f"{score:.{MOST_DECIMALS}f}".rstrip("0") for score in scores)
    return max((len(text.partition(".")[2]) for text in shown), default=0)


def _is_copy(curve: _Curve, other: _Curve) -> bool:
    if len(curve.scores) < 2 or not curve.scores.keys() <= other.scores.keys():
        return False
    digits = 0
    for place, decimals in enumerate(map(min, curve.decimals, other.decimals)):
        pairs = [(one[place], other.scores[at][place]) for at, one in curve.scores.items()]
        known = [pair for pair in pairs if not any(map(math.isnan, pair))]
        half_a_digit = 0.5 * 10.0**-decimals + 1e-6
        if any(abs(a - b) > half_a_digit for a, b in known):
            return False
        digits += decimals * len({round(a, decimals) for a, _ in known})
    return digits >= SURE
