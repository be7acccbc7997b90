from itertools import pairwise

import pandas as pd

from trainstudy.book.claims import STATUSES
from trainstudy.figures.verdicts import STATUS_COLOURS, verdict_counts


def test_every_status_has_a_colour_of_its_own():
    assert tuple(STATUS_COLOURS) == STATUSES
    assert len(set(STATUS_COLOURS.values())) == len(STATUSES)


def test_bars_are_as_long_as_their_counts_and_say_them(texts):
    counts = pd.DataFrame([[1, 2, 0, 3, 0], [0, 0, 12, 0, 1]], columns=list(STATUSES))
    figure = verdict_counts(counts.assign(section=["0", "7"]), {"0": "Summary"})
    (axes,) = figure.axes
    for place in (0, 1):
        bars = [bar for bar in axes.patches if bar.get_y() < place < bar.get_y() + bar.get_height()]
        assert sum(bar.get_width() for bar in bars) == counts.iloc[place].sum()
        ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars]
        assert all(a[1] == b[0] for a, b in pairwise(ends))
    written = [text.get_text() for text in axes.texts]
    assert sorted(written) == sorted(["1", "2", "3", "12", "1"])
    assert {"Summary", "7", *STATUSES, "12"} <= set(texts(figure))
