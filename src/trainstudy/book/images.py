"""Pictures on a page: scenes, labels, predictions."""

import base64
import html
import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from trainstudy.book.show import Html, breakable
from trainstudy.data.classes import CLASSES, PALETTE, palette

Pixels = NDArray[np.uint8]


def gallery(
    rows: Sequence[Sequence[Pixels]], titles: Sequence[str], alt: str, names: Sequence[str] = ()
) -> Html:
    """Rows of RGB images uint8 [H,W,3] under column titles. ``alt`` says what they show.

    ``names``, where there are any, stand above their rows.

    Raises ValueError where a row has not one image a title.
    """
    if any(len(row) != len(titles) for row in rows):
        raise ValueError(f"rows of {[len(row) for row in rows]} images under {len(titles)} titles")
    heads = "".join(f"<th scope=col>{breakable(title)}</th>" for title in titles)
    head = f"<thead><tr>{heads}</tr></thead>" if any(titles) else ""
    body = ""
    for name, row in zip(names or [""] * len(rows), rows, strict=True):
        if name:
            body += f'<tr><th scope="row" colspan="{len(row)}">{breakable(name)}</th></tr>'
        cells = (
            f'<td><img src="{_uri(image)}" alt="{html.escape(f"{alt}: {title or name}")}"></td>'
            for image, title in zip(row, titles, strict=True)
        )
        body += f"<tr>{''.join(cells)}</tr>"
    return Html(
        f'<div class="study-table"><table class="study-gallery" style="--columns: {len(titles)}">'
        f"{head}<tbody>{body}</tbody></table></div>",
        alt,
    )


def colour(labels: NDArray[np.integer], classes: Sequence[str] = CLASSES) -> Pixels:
    """The label map [H,W] in the colours of its classes; what is ignored is black."""
    colours = np.zeros((256, 3), dtype=np.uint8)
    colours[: len(classes)] = palette(tuple(classes))
    coloured: Pixels = colours[labels]
    return coloured


def legend() -> Html:
    """The classes with their colours."""
    items = "".join(
        f'<span><i style="background: rgb({red}, {green}, {blue})"></i>{name}</span>'
        for name, (red, green, blue) in zip(CLASSES, PALETTE.tolist(), strict=True)
    )
    return Html(f'<p class="study-legend">{items}</p>', ", ".join(CLASSES))


def _uri(image: Pixels) -> str:
    buffer = io.BytesIO()
    # lossless: equal images give equal pages, and label colours stay the palette's
    Image.fromarray(image).save(buffer, format="WEBP", lossless=True, quality=60)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()
