import re

import pandas as pd
import pytest

from trainstudy.book.claims import DATA, STATUSES, claim_table, counts
from trainstudy.book.study import ExtendedTraining, open_study


def claims(**changes: object) -> pd.DataFrame:
    """A frame of one claim as ``check_all`` gives it."""
    row = {
        "id": "gain-1", "section": "1", "place": "Table 1", "text": "It gains.", "reported": 0.5,
        "unit": "mIoU", "decimals": 0, "recomputed": -0.25, "low": -0.5, "high": 0.1,
        "status": "contradicted",
        "evidence": "80 to 90: -0.25 mIoU [-0.50, +0.10].", "sources": "",
    }  # fmt: skip
    return pd.DataFrame([row | changes])


def content(**changes: object) -> str:
    return claim_table(claims(**changes))._repr_html_()


def cells(**changes: object) -> list[str]:
    return re.findall(r"<td[^>]*>(.*?)</td>", content(**changes))


def test_reported_stands_beside_recomputed_with_its_interval():
    assert cells()[1:3] == ["0.50 mIoU", "−0.25 mIoU [−0.50, 0.10]"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"reported": float("nan")}, ["–", "−0.25 mIoU [−0.50, 0.10]"]),
        ({"recomputed": float("nan")}, ["0.50 mIoU", "–"]),
        ({"low": float("nan")}, ["0.50 mIoU", "−0.25 mIoU"]),
        ({"low": 0.1}, ["0.50 mIoU", "−0.25 mIoU"]),
        ({"unit": "%", "reported": 52.4}, ["52 %", "0 % [0, 0]"]),
        (
            {"reported": 52.4, "recomputed": 52.44, "low": 52.0},
            ["52.4 mIoU", "52.4 mIoU [52.0, 0.1]"],
        ),
        (
            {"unit": "", "reported": 22.0, "recomputed": 22.0, "low": 22.0, "high": 22.0},
            ["22", "22"],
        ),
    ],
)
def test_figures_have_their_unit_and_digits(changes, expected):
    assert cells(**changes)[1:3] == expected


def test_words_of_a_claim_are_escaped_and_set_with_true_minus_signs():
    shown = content(text="a <b> & -0.02", evidence="x-1/<y>: -0.25 [-0.50, +0.10], 3-4")
    assert "a &lt;b&gt; &amp; −0.02" in shown
    assert "x-1/&lt;y&gt;: −0.25 [−0.50, +0.10], 3-4" in shown


def test_sources_are_grouped_by_file_and_shortened():
    lines = "; ".join(f"a/b_<c>.csv:{line}" for line in range(30, 2, -1))
    shown = content(sources=f"{lines}; results.json")
    assert (
        "Rows: a/b_&lt;c&gt;.csv: lines 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 and 16 more"
        in shown
    )
    assert "; results.json." in shown


@pytest.mark.parametrize("source", ["run 12:30/results.json", "a:b", "a:b:7", ":7"])
def test_a_colon_in_a_file_name_is_no_line(source):
    assert source.removesuffix(":7") in content(sources=source)


def test_only_the_published_file_is_linked():
    assert f'href="{DATA}"' in content(sources="extended_training_results.csv:3")
    for own in ("results.csv:3", "mine/extended_training_results.csv:3"):
        assert "href" not in content(sources=own)


def test_ids_pick_and_order_and_unknown_ones_are_named():
    both = pd.concat([claims(), claims(id="gain-2", text="It loses.")])
    picked = claim_table(both, ["gain-2", "gain-1"])._repr_html_()
    assert picked.index("It loses.") < picked.index("It gains.")
    assert "It gains." not in claim_table(both, ["gain-2"])._repr_html_()
    with pytest.raises(KeyError, match="no-such"):
        claim_table(both, ["gain-1", "no-such"])
    with pytest.raises(KeyError, match="no-such"):
        claim_table(both, ["no-such"])


def test_every_claim_is_counted_once():
    found = open_study(ExtendedTraining()).claims
    table = counts(found)
    assert list(table.columns) == ["section", *STATUSES, "claims"]
    assert table["claims"].sum() == len(found)
    assert (table[list(STATUSES)].sum(axis=1) == table["claims"]).all()
    assert set(found["status"]) <= set(STATUSES)


def test_what_was_reproduced_stands_beside_it_with_a_link_to_its_runs():
    ours = {"reproduced": 0.1, "reproduced_low": -0.2, "reproduced_high": 0.4, "seeds": 4}
    assert cells(**ours)[3] == '<a href="longer_training.html#the-runs">0.10 mIoU [−0.20, 0.40]</a>'
    assert "Reproduced" in content(**ours)
    small = {**ours, "unit": "points", "reproduced": 2.66, "reproduced_low": 0.11}
    assert ">2.7 points [0.1, 0.4]<" in cells(**small)[3], "0 would not say on which side it is"
    assert ">27 points [0, 0]<" in cells(**{**small, "reproduced": 26.6})[3]
    assert "Reproduced" not in content(**{**ours, "reproduced": float("nan")})
