import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.training.schedules import parse


def test_falls_as_one_minus_the_square_root():
    schedule = parse("cooldown:start=80,end=181,floor=0")
    for share, left in ((0.0, 1.0), (0.01, 0.9), (0.25, 0.5), (0.81, 0.1), (1.0, 0.0)):
        update = 81 + round(100 * share)  # the update made after share of the cooldown
        assert schedule.rate(0.1, update) == pytest.approx(0.1 * left)


def test_ends_at_its_floor_and_stays():
    schedule = parse("cooldown:start=80,end=100,floor=1e-3")
    assert schedule.rate(0.1, 99) > 1e-3
    assert {schedule.rate(0.1, update) for update in (100, 101, 10**6)} == {1e-3}


@given(base=st.floats(1e-5, 1))
def test_is_the_constant_trunk_to_the_bit_up_to_its_first_update(base):
    trunk, branch = parse("constant:warmup=10"), parse("cooldown:warmup=10,start=80,end=100")
    for update in range(1, 82):
        assert branch.rate(base, update) == trunk.rate(base, update)
    assert branch.rate(base, 82) < trunk.rate(base, 82)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cooldown", r"start: .*required; end: .*required; the form is cooldown:warmup=...,start="),
        ("cooldown:start=80,end=81", r"end: must be at least start \+ 2"),
        ("cooldown:start=-1,end=80", r"start: .*greater than or equal to 0"),
    ],
)
def test_a_cooldown_that_cannot_be_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        parse(text)
