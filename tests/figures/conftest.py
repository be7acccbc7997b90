"""What every figure must keep: its text, its page's ink, its size."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from trainstudy.figures.style import ink, style, to_svg


@pytest.fixture(autouse=True)
def styled() -> Iterator[None]:
    with style():
        yield
    plt.close("all")


@pytest.fixture
def texts() -> Callable[[Figure], list[str]]:
    """The words of a figure as a page shows them, once the SVG is seen to be one for a page."""

    def read(figure: Figure) -> list[str]:
        svg = to_svg(figure, "test", "what it shows")
        assert ink() not in svg
        root = svg[: svg.index(">")]
        assert 'role="img" aria-label="what it shows"' in root
        assert not re.search(r"\b(width|height)=", root)
        assert not re.search(r'id="[^"]*(DejaVu|glyph)', svg), "text became outlines"
        found = re.findall(r"<text[^>]*>(.*?)</text>", svg, flags=re.DOTALL)
        plain = [unescape(re.sub(r"<[^>]*>", "", text)).strip() for text in found]
        assert not [text for text in plain if "nan" in text]
        return plain

    return read


@pytest.fixture
def legend() -> Callable[[Any], list[str]]:
    """Words of the legend of axes or of a figure."""

    def read(of: Any) -> list[str]:
        found = of.legends[0] if isinstance(of, Figure) else of.get_legend()
        return [text.get_text() for text in found.get_texts()]

    return read
