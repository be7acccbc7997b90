"""One style for every figure, readable on light and dark pages and on a phone.

Text and axes take the colour of the page they stand on: figures are inline SVG in which ink is
``currentColor``. Series colours are Okabe and Ito's ("Color universal design", 2008), told apart
by colour-blind readers and light or dark grounds alike.
"""

import hashlib
import html
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#A0A0A0")
WIDTH = 6.4  # inches; text of 11 points stays readable when a phone shows it at half the size
_INK = "#0a0b0c"  # stands for the page's text colour until the figure is written

_RC: dict[Any, Any] = {
    "font.size": 11,
    "axes.titlesize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.2,
    "axes.prop_cycle": cycler(color=COLOURS),
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "legend.frameon": False,
    "text.parse_math": False,  # names of runs are no formulas
    "svg.fonttype": "none",  # text stays text: it can be searched and takes the page's font
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "grid.color": _INK,
}


@contextmanager
def style() -> Iterator[None]:
    """The study's matplotlib settings, for the figures made within."""
    with mpl.rc_context(_RC):
        yield


def ink() -> str:
    """The colour to draw with where a line or text belongs to the page and to no series."""
    return _INK


def note(axes: Axes, text: str = "nothing to compare in these runs") -> None:
    """A sentence where the axes would otherwise stay empty."""
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center")


def to_html(figure: Figure, name: str, alt: str, caption: str = "", wide: bool = False) -> str:
    """A ``<figure>`` with inline SVG; see :func:`to_svg`. On a phone a ``wide`` one keeps its size
    and can be moved sideways."""
    note = f"<figcaption>{html.escape(caption)}</figcaption>" if caption else ""
    kind = "study-figure wide" if wide else "study-figure"
    return f'<figure class="{kind}">{to_svg(figure, name, alt)}{note}</figure>'


def to_svg(figure: Figure, name: str, alt: str) -> str:
    """SVG that scales with its place. ``name`` makes its identifiers unique on a page, ``alt`` is
    read out in its place.

    Equal figures give equal text, so that an unchanged page stays the same to the byte.
    """
    buffer = io.StringIO()
    salt = hashlib.sha256(name.encode()).hexdigest()[:12]
    with mpl.rc_context({**_RC, "svg.hashsalt": salt}):
        figure.savefig(buffer, format="svg", bbox_inches="tight", metadata={"Date": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :].replace(_INK, "currentColor")
    # a style of matplotlib's would hold for the whole page; the root can carry what it says
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    # identifiers of matplotlib that repeat from figure to figure: one prefix a figure
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{salt}-\1"', svg)
    svg = re.sub(r'(href="|url\()#', rf"\1#{salt}-", svg)
    label = html.escape(alt, quote=True)
    return svg.replace(
        "<svg ", f'<svg role="img" aria-label="{label}" style="stroke-linejoin:round" ', 1
    )
