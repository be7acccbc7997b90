import pytest

from trainstudy import registry, strategies


def test_choices_are_the_files_without_an_underscore():
    found = registry.names(strategies.__path__)
    assert "none" in found
    assert not [name for name in found if name.startswith("_")]
    assert list(found) == sorted(found)


def test_a_choice_is_what_its_file_calls_by_the_kind():
    from trainstudy.strategies.none import STRATEGY

    assert registry.find("trainstudy.strategies", "none", ["none"], "strategy") is STRATEGY


def test_an_unknown_choice_is_told_with_the_accepted_ones():
    with pytest.raises(ValueError, match="unknown strategy 'nine'; accepted: none, other"):
        registry.find("trainstudy.strategies", "nine", ["none", "other"], "strategy")
