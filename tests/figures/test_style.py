import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import pyplot as plt

from trainstudy.figures.style import COLOURS, ink, note, style, to_html, to_svg


def drawn(title: str = "title") -> plt.Figure:
    figure, axes = plt.subplots(figsize=(2, 2))
    axes.plot([0, 1], [0, 1])
    axes.set_title(title)
    return figure


def test_ink_is_the_colour_of_the_page():
    svg = to_svg(drawn(), "a", "alt")
    assert svg.count("currentColor") > 5
    assert ink() not in svg
    assert COLOURS[0].lower() in svg.lower()


def test_bytes_depend_on_the_figure_alone():
    assert to_svg(drawn(), "a", "alt") == to_svg(drawn(), "a", "alt")
    assert to_svg(drawn(), "a", "alt") != to_svg(drawn("other"), "a", "alt")
    assert "<dc:date>" not in to_svg(drawn(), "a", "alt")


def test_identifiers_belong_to_the_figure_and_are_found_by_their_references():
    one, other = (to_svg(drawn(), name, "alt") for name in ("one", "other"))
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in (one, other)]
    assert not ids[0] & ids[1]
    for svg, own in zip((one, other), ids, strict=True):
        references = set(re.findall(r'(?:href="|url\()#([^")]+)', svg))
        assert references
        assert references <= own


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_words_beside_the_figure_are_escaped(text):
    content = to_html(FIGURE, "a", text, text)
    assert re.match(r'<figure class="study-figure"><svg role="img" aria-label="[^"<>]*"', content)
    assert ("<figcaption>" in content) == bool(text)
    assert content.endswith("</figure>")


with style():
    FIGURE = drawn()
plt.close(FIGURE)


@pytest.mark.parametrize("name", ["a$x$b", r"$\nonsense", "_hidden", "<b>&", "{a}", "%d %s"])
def test_names_are_no_formulas(texts, name):
    assert name in texts(drawn(name))


def test_a_note_fills_empty_axes(texts):
    figure, axes = plt.subplots()
    note(axes)
    assert "nothing to compare in these runs" in texts(figure)


def test_settings_end_with_the_style():
    before = dict(plt.rcParams)
    with style():
        assert plt.rcParams["svg.fonttype"] == "none"
    assert dict(plt.rcParams) == before
