"""What notebooks call to put a figure, a table or a sentence on the page."""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from trainstudy.figures.style import style, to_html

LONG = 12  # rows from which a table can be sorted
TALL = 40  # rows from which it scrolls in a box of its own
NOTHING = "nothing to compare in these runs"

Format = Callable[[Any], str]


class Html:
    """HTML for the page, plain text for a terminal."""

    def __init__(self, content: str, text: str) -> None:
        self._content, self._text = content, text

    def _repr_html_(self) -> str:
        return self._content

    def __repr__(self) -> str:
        return self._text


class Estimate(Html):
    """A figure with its interval, which may stand below it; tables sort by the figure."""

    def __init__(self, value: float, low: float, high: float, form: Format) -> None:
        sides = interval(low, high, form).replace(" ", "\N{NO-BREAK SPACE}")
        text = f"{form(value)} ({sides})"
        super().__init__(text, text)
        self.value = value


def figure(
    draw: Callable[..., Figure],
    *arguments: Any,
    alt: str,
    caption: str = "",
    wide: bool = False,
    **options: Any,
) -> Html:
    """Draw a figure in the study's style. ``alt`` says in words what it shows; a ``wide`` one, with
    names too small at a phone's width, keeps its size there and can be moved sideways."""
    with style():
        drawn = draw(*arguments, **options)
        content = to_html(drawn, f"{draw.__module__}.{draw.__name__}.{alt}", alt, caption, wide)
        plt.close(drawn)  # Jupyter would show an open figure a second time
    return Html(content, alt)


def table(
    frame: pd.DataFrame,
    headings: Mapping[Any, str],
    formats: Mapping[Any, Format] | None = None,
    caption: str = "",
    sortable: bool | None = None,
    kind: str = "",
    boxed: bool | None = None,
) -> Html:
    """The columns of ``headings``, in its order and under its titles.

    Numbers keep their value for sorting in ``data-value``; missing values show as a dash, a table
    without rows says so. Cells that are :class:`Html` are put in as they are. Tables of ``LONG``
    rows or more can be sorted by a click on a heading, those of ``TALL`` rows or more scroll in a
    box of their own, unless told otherwise. ``kind`` is a class for the style sheet. Raises
    KeyError naming a column that the frame does not have.
    """
    formats = formats or {}
    columns = [frame[name] for name in headings]
    numeric = [
        pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
        for column in columns
    ]
    rows = [
        "<tr>"
        + "".join(
            _cell(value, formats.get(name, plain), number)
            for name, value, number in zip(headings, values, numeric, strict=True)
        )
        + "</tr>"
        for values in zip(*columns, strict=True)
    ]
    if not rows:
        rows = [f'<tr><td class="none" colspan="{len(columns)}">{NOTHING}</td></tr>']
    sort = len(frame) >= LONG if sortable is None else sortable
    classes = ["study", *([kind] if kind else []), *(["sortable"] if sort else [])]
    head = "".join(
        f'<th scope="col"{" class=num" if number else ""}>{html.escape(title)}</th>'
        for title, number in zip(headings.values(), numeric, strict=True)
    )
    note = f"<caption><span>{html.escape(caption)}</span></caption>" if caption else ""
    tall = len(frame) >= TALL if boxed is None else boxed
    # what scrolls has to be reached by the keyboard too
    box = ' tall" role="region" aria-label="table" tabindex="0' if tall else ""
    content = (
        f'<div class="study-table{box}"><table class="{" ".join(classes)}">{note}'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )
    return Html(content, NOTHING if frame.empty else frame[list(headings)].to_string(index=False))


def sentences(lines: Sequence[str]) -> Html:
    """A list of sentences built from numbers."""
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    return Html(f'<ul class="study-sentences">{items}</ul>', "\n".join(lines))


def plain(value: Any) -> str:
    """Text as it is, whole numbers with thousands separators, others with two decimals."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return format(value, "," if isinstance(value, int) else "z.2f").replace("-", "−")
    return str(value)


def signed(value: Any, digits: int = 2) -> str:
    """A gain: always with its sign, a true minus in front of a loss that rounding leaves one."""
    return f"{value:+z.{digits}f}".replace("-", "−")


def probability(value: Any) -> str:
    """A p-value with three digits."""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def budget(iterations: Any) -> str:
    """80000 as ``80k``; what is no multiple of a thousand in full."""
    whole = int(iterations)
    return f"{whole // 1000}k" if whole and whole % 1000 == 0 else f"{whole:,}"


def percent(share: Any) -> str:
    return f"{100 * share:.0f} %".replace("-", "−")


def interval(low: Any, high: Any, form: Format = signed) -> str:
    """``low to high``, or a dash where there is none."""
    return "–" if pd.isna(low) or pd.isna(high) else f"{form(low)} to {form(high)}"


def tenths(value: Any) -> str:
    """A level: one decimal, as far as seeds allow to tell."""
    return f"{value:z.1f}".replace("-", "−")


def estimate(value: Any, low: Any, high: Any, form: Format = tenths) -> Estimate | None:
    """``41.2 (40.1 to 42.3)``; nothing where there is no value, a dash where no interval."""
    return None if pd.isna(value) else Estimate(float(value), float(low), float(high), form)


def verdict(status: str) -> Html:
    """A verdict as a badge whose words, not only its colour, tell it."""
    kind = status.replace(" ", "-")
    return Html(f'<span class="verdict {kind}">{html.escape(status)}</span>', status)


def breakable(text: str) -> str:
    """Escaped text that may break after the slashes, underscores, commas and plus signs of long
    names, but not after the sign of an exponent or within a number."""
    text = re.sub(r"([/_]|[,+](?=[^\d\s]))", r"\1<wbr>", html.escape(text))
    return re.sub(r"[\w.=]*\de-\d+", r'<span class="whole">\g<0></span>', text)


def _cell(value: Any, form: Format, number: bool) -> str:
    if isinstance(value, Html):
        key = f' data-value="{value.value}"' if isinstance(value, Estimate) else ""
        return f"<td{key}>{value._repr_html_()}</td>"
    if value is None or (not isinstance(value, str | list | tuple) and pd.isna(value)):
        return '<td class="none">–</td>'
    if hasattr(value, "item"):
        value = value.item()
    attributes = f' class="num" data-value="{value}"' if number else ""
    return f"<td{attributes}>{breakable(form(value))}</td>"
