from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.paths import project_root
from trainstudy.training.schedules import SCHEDULES, parse


@given(name=st.sampled_from(sorted(SCHEDULES)), warmup=st.integers(0, 10_000))
def test_text_and_schedule_are_the_same_thing(name, warmup):
    schedule = parse(f"{name}:warmup={warmup}")
    assert parse(str(schedule)) == schedule
    assert f"warmup={warmup}" in str(schedule)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cosin", "unknown schedule 'cosin'; accepted: constant, poly"),
        ("poly:ends=80", "ends: .*the form is poly:warmup=...,end=...,power=...,floor=..."),
        ("poly:end=0", "end: .*greater than 0"),
        ("poly:end=1.5", "end: .*integer"),
        ("poly:end", "cannot read 'end'"),
        ("poly:end=1,end=2", "cannot read 'end=2'"),
    ],
)
def test_bad_text_is_refused_with_the_accepted_form(text, message):
    with pytest.raises(ValueError, match=message):
        parse(text)


def test_iterations_count_from_one():
    with pytest.raises(ValueError, match="count from 1"):
        parse("constant").rate(0.1, 0)


@given(
    iteration=st.integers(1, 10**7),
    base=st.floats(1e-6, 1),
    name=st.sampled_from(sorted(SCHEDULES)),
)
def test_rates_are_positive_and_never_above_the_base(iteration, base, name):
    assert 0 < parse(name).rate(base, iteration) <= base * (1 + 1e-12)


@pytest.mark.parametrize("name", sorted(SCHEDULES))
def test_has_its_test_and_its_paragraph(name):
    assert Path(__file__).with_name(f"test_{name}.py").is_file()
    page = project_root() / "book" / "method" / "schedules.md"
    assert f"(schedule-{name})=" in page.read_text()
