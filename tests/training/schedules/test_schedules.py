import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.paths import project_root
from trainstudy.training.schedules import SCHEDULES, parse, refuse_floor_above


@st.composite
def texts(draw, **fixed):
    """The text of any schedule, with the keys of ``fixed`` and all that have no default."""
    kind = SCHEDULES[draw(st.sampled_from(sorted(SCHEDULES)))]
    start = draw(st.integers(0, 10**5))
    values = {
        "warmup": draw(st.integers(0, 10_000)),
        "start": start,
        "end": start + draw(st.integers(2, 10**5)),
        "every": draw(st.integers(1, 10**5)),
        **fixed,
    }
    return f"{kind.name()}:" + ",".join(
        f"{k}={values[k]}" for k in values if k in kind.model_fields
    )


@given(text=texts())
def test_text_and_schedule_are_the_same_thing(text):
    schedule = parse(text)
    assert parse(str(schedule)) == schedule
    assert set(text.partition(":")[2].split(",")) <= set(re.split("[:,]", str(schedule)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cosin", "unknown schedule 'cosin'; accepted: constant, cooldown, cosine, poly, step"),
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


@given(iteration=st.integers(1, 10**7), base=st.floats(1e-6, 1), text=texts())
def test_rates_are_positive_and_never_above_the_base(iteration, base, text):
    assert 0 < parse(text).rate(base, iteration) <= base * (1 + 1e-12)


@given(text=texts(warmup=0, floor=1e-3), iterations=st.tuples(*2 * [st.integers(1, 3 * 10**5)]))
def test_rates_never_rise_and_the_floor_begins_where_the_schedule_says(text, iterations):
    schedule = parse(text)
    early, late = sorted(iterations)
    assert schedule.rate(0.1, early) >= schedule.rate(0.1, late)
    if (floor := schedule.floor_from()) is not None:
        assert schedule.rate(0.1, floor - 1) > schedule.rate(0.1, floor) == 1e-3


@pytest.mark.parametrize("name", sorted(SCHEDULES))
def test_has_its_test_and_its_paragraph(name):
    assert Path(__file__).with_name(f"test_{name}.py").is_file()
    page = project_root() / "book" / "method" / "schedules.md"
    assert f"(schedule-{name})=" in page.read_text()


@pytest.mark.parametrize("value", ["inf", "nan"])
@pytest.mark.parametrize(
    "text", ["poly:floor=", "poly:power=", "step:every=2,floor=", "cosine:end=9,floor="]
)
def test_what_is_no_number_is_refused(text, value):
    with pytest.raises(ValueError, match="should be a finite number"):
        parse(text + value)


@pytest.mark.parametrize(
    "text", ["cooldown:start=1,end=3", "cosine:end=3", "poly:end=3", "step:every=1"]
)
def test_a_floor_above_the_base_rate_is_refused_with_both_named(text):
    refuse_floor_above(parse(f"{text},floor=1e-3"), 1e-3)
    refuse_floor_above(parse("constant"), 1e-9)
    with pytest.raises(ValueError, match=r"'schedule': .*, 1.0, is above 'learning_rate', 0.0006"):
        refuse_floor_above(parse(f"{text},floor=1.0"), 6e-4)
    with pytest.raises(ValueError, match=r"above 'learning_rates', 0.0006"):
        refuse_floor_above(parse(f"{text},floor=1.0"), 6e-4, "learning_rates")
