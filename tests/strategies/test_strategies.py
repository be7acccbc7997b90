"""A strategy is one file, one test and one paragraph of the book: none of the three may lack."""

from pathlib import Path

import pytest

from trainstudy.paths import project_root
from trainstudy.strategies import STRATEGIES, get

PAGE = project_root() / "book" / "method" / "strategies.md"


@pytest.mark.parametrize("name", STRATEGIES)
def test_has_its_test_and_its_paragraph(name):
    assert Path(__file__).with_name(f"test_{name}.py").is_file()
    assert f"(strategy-{name})=" in PAGE.read_text()


@pytest.mark.parametrize("name", STRATEGIES)
def test_says_by_its_name_whether_it_generates(name):
    assert (get(name).ratio > 0) == name.startswith("gen_")


def test_an_unknown_strategy_is_told_the_accepted_ones():
    with pytest.raises(ValueError, match=r"unknown strategy 'gen_fog'; accepted: .*none"):
        get("gen_fog")
