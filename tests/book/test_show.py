import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import pyplot as plt

from trainstudy.book import show

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=30)


def cells(table: show.Html) -> list[str]:
    """Attributes and content of every cell below the headings."""
    return re.findall(r"<td([^>]*)>(.*?)</td>", table._repr_html_())


def line(colour: str = "k") -> plt.Figure:
    figure, axes = plt.subplots()
    axes.plot([0, 1], color=colour)
    return figure


class Reader(HTMLParser):
    """The tags and the text that a browser finds."""

    def __init__(self, shown: show.Html) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""
        self.feed(shown._repr_html_())
        self.close()

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.add(tag)

    def handle_data(self, data) -> None:
        self.text += data


@given(TEXT, TEXT, TEXT)
def test_no_text_becomes_markup(name, title, caption):
    frame = pd.DataFrame({"a": [name]})
    table = Reader(show.table(frame, {"a": title}, caption=caption))
    assert table.text == caption + title + name
    inner = {"wbr", "span"}
    assert table.tags <= {"div", "table", "caption", "thead", "tbody", "tr", "th", "td"} | inner
    listed = Reader(show.sentences([name, title]))
    assert (listed.text, listed.tags) == (name + title, {"ul", "li"})


def test_what_rounds_to_zero_is_no_loss():
    assert [show.signed(x, 1) for x in (-0.04, -0.06, 0.04)] == ["+0.0", "−0.1", "+0.0"]
    assert [show.tenths(x) for x in (-0.04, -0.06)] == ["0.0", "−0.1"]
    assert [show.plain(x) for x in (-0.004, -0.006)] == ["0.00", "−0.01"]


def test_names_break_after_slashes_and_commas_and_not_within_a_number():
    names = ["joint rate=3e-4", "a/b_c", "one-two", "lwf,a+b", "of 1,000, all +3"]
    shown = repr_of(show.table(pd.DataFrame({"a": names}), {"a": ""}))
    assert "<td>lwf,<wbr>a+<wbr>b</td>" in shown
    assert "<td>of 1,000, all +3</td>" in shown
    assert '<td>joint <span class="whole">rate=3e-4</span></td>' in shown
    assert "<td>a/<wbr>b_<wbr>c</td>" in shown
    assert "<td>one-two</td>" in shown


def repr_of(shown: show.Html) -> str:
    return shown._repr_html_()


@given(st.lists(st.one_of(st.integers(-(2**40), 2**40), st.none()), min_size=1, max_size=30))
def test_numbers_keep_their_value_and_gaps_are_dashes(values):
    frame = pd.DataFrame({"a": pd.array(values, dtype="Int64")})
    for value, (attributes, content) in zip(
        values, cells(show.table(frame, {"a": "A"})), strict=True
    ):
        if value is None:
            assert (attributes, content) == (' class="none"', "–")
        else:
            assert attributes == f' class="num" data-value="{value}"'
            assert int(content.replace(",", "").replace("−", "-")) == value


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT])
def test_every_kind_of_gap_is_a_dash(missing):
    frame = pd.DataFrame({"a": pd.Series([missing], dtype=object)})
    assert cells(show.table(frame, {"a": "A"}, {"a": show.budget})) == [(' class="none"', "–")]


def test_truth_is_text_and_not_a_number():
    frame = pd.DataFrame({"a": [True, False], "b": pd.array([True, None], dtype="boolean")})
    found = [content for _, content in cells(show.table(frame, {"a": "A", "b": "B"}))]
    assert found == ["yes", "yes", "no", "–"]
    assert "num" not in repr_of(show.table(frame, {"a": "A", "b": "B"}))


def test_only_long_tables_can_be_sorted_unless_told():
    def sortable(rows: int, **options: bool) -> bool:
        table = show.table(pd.DataFrame({"a": range(rows)}), {"a": "A"}, **options)
        return "sortable" in repr_of(table)

    assert [sortable(rows) for rows in (0, show.LONG - 1, show.LONG, 100)] == [0, 0, 1, 1]
    assert sortable(1, sortable=True)
    assert not sortable(100, sortable=False)


@pytest.mark.parametrize(("value", "text"), [(0.0004, "< 0.001"), (0.0496, "0.050"), (1, "1.000")])
def test_a_probability_has_three_digits(value, text):
    assert show.probability(value) == text


def test_tall_tables_scroll_in_a_box_that_the_keyboard_reaches():
    def boxed(rows: int, **options: bool) -> bool:
        table = show.table(pd.DataFrame({"a": range(rows)}), {"a": "A"}, **options)
        return 'tabindex="0"' in table._repr_html_()

    assert [boxed(rows) for rows in (show.TALL - 1, show.TALL)] == [False, True]
    assert boxed(1, boxed=True)
    assert not boxed(100, boxed=False)


def test_a_table_without_rows_says_so():
    table = show.table(pd.DataFrame(columns=["a", "b"]), {"a": "A", "b": "B"})
    assert cells(table) == [(' class="none" colspan="2"', show.NOTHING)]
    assert repr(table) == show.NOTHING


def test_columns_are_picked_ordered_and_known():
    frame = pd.DataFrame({"a": ["x"], "b": ["y"], "c": ["z"]})
    table = show.table(frame, {"c": "C", "a": "A"})
    assert [content for _, content in cells(table)] == ["z", "x"]
    with pytest.raises(KeyError, match="absent"):
        show.table(frame, {"absent": "A"})


@given(st.floats(-1e6, 1e6))
def test_a_gain_has_a_sign_and_a_true_minus(value):
    text = show.signed(value)
    assert text[0] in "+−"
    assert "-" not in text + show.plain(value) + show.percent(value)
    assert float(text.replace("−", "-")) == pytest.approx(value, abs=0.00501)


def test_budgets_and_intervals():
    names = [show.budget(value) for value in (80_000, 80_500, 250, 0, 1_000.0)]
    assert names == ["80k", "80,500", "250", "0", "1k"]
    assert show.interval(-0.5, 1) == "−0.50 to +1.00"
    assert show.interval(np.nan, 1) == show.interval(1, np.nan) == "–"


def test_a_verdict_is_told_in_words():
    badge = show.verdict("below the noise floor")
    assert ">below the noise floor<" in repr_of(badge)
    assert "below-the-noise-floor" in repr_of(badge)


def test_a_figure_is_closed_described_and_the_same_each_time():
    one, again = (show.figure(line, alt='a "rising" line', caption="A & B") for _ in range(2))
    assert plt.get_fignums() == []
    assert repr_of(one) == repr_of(again)
    assert repr(one) == 'a "rising" line'
    assert 'aria-label="a &quot;rising&quot; line"' in repr_of(one)
    assert "<figcaption>A &amp; B</figcaption>" in repr_of(one)


def test_two_figures_of_a_page_share_no_identifier():
    one, other = (repr_of(show.figure(line, alt=alt)) for alt in ("first", "second"))
    first, second = (re.findall(r'\bid="([^"]+)"', content) for content in (one, other))
    assert first
    assert not set(first) & set(second)


def test_a_figure_with_its_interval_is_sorted_by_the_figure():
    frame = pd.DataFrame({"a": [show.estimate(-2.04, -3.0, -1.0), show.estimate(1, np.nan, np.nan),
                                show.estimate(np.nan, 0, 1)]})  # fmt: skip
    found = cells(show.table(frame, {"a": "A"}))
    assert [attributes for attributes, _ in found] == [
        ' data-value="-2.04"', ' data-value="1.0"', ' class="none"',
    ]  # fmt: skip
    texts = [content.replace("\xa0", " ") for _, content in found]
    assert texts == ["−2.0 (−3.0 to −1.0)", "1.0 (–)", "–"]
