import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.training.arms import ARMS, cost, cost_of, keep, plan, result
from trainstudy.training.schedules import parse

FLOOR, RATE = 1e-3, 0.1


@st.composite
def plans(draw):
    """A plan of any shape, with the base, the budgets and the arms it was asked for."""
    base = draw(st.integers(20, 60))
    multiples = [1, *sorted(draw(st.sets(st.integers(2, 6), max_size=4)))]
    arms = draw(st.lists(st.sampled_from(ARMS), min_size=1, unique=True))
    share, warmup = draw(st.floats(0.1, 0.9)), draw(st.integers(0, 2))
    legs = plan(base, multiples, arms, cooldown_share=share, warmup=warmup, floor=FLOOR)
    return legs, [base * multiple for multiple in multiples], arms


def parent_of(leg, legs):
    return next((other for other in legs if other.name == leg.parent), None)


def rates(leg, legs):
    """The rate of every update behind the end of a leg, its ancestors' included."""
    schedule, parent = parse(leg.schedule), parent_of(leg, legs)
    before = rates(parent, legs)[: leg.start] if parent else []
    return before + [schedule.rate(RATE, step + 1) for step in range(leg.start, leg.until)]


@given(planned=plans())
def test_a_parent_comes_first_and_keeps_the_checkpoint_its_child_starts_from(planned):
    legs, _, _ = planned
    assert len({leg.name for leg in legs}) == len(legs)
    for place, leg in enumerate(legs):
        assert leg.start < leg.until
        assert all(leg.start < kept <= leg.until for kept in keep(leg, legs))
        if parent := parent_of(leg, legs):
            assert parent in legs[:place]
            assert leg.start in keep(parent, legs)
        else:
            assert leg.start == 0


@given(planned=plans())
def test_every_arm_has_a_result_at_every_budget_and_nothing_is_trained_in_vain(planned):
    legs, budgets, arms = planned
    used = set()
    for arm in arms:
        for budget in budgets:
            leg = result(legs, arm, budget)
            assert budget in keep(leg, legs)
            used |= {leg, parent_of(leg, legs)}
    assert set(legs) <= used
    assert all(leg.until == max(keep(leg, legs)) for leg in legs)


@given(planned=plans())
def test_an_arm_answers_where_all_its_rates_are_one_decay_that_ends_at_the_budget(planned):
    legs, budgets, arms = planned
    for arm in arms:
        for budget in budgets:
            leg = result(legs, arm, budget)
            schedule = parse(leg.schedule)
            as_planned = [schedule.rate(RATE, step + 1) for step in range(budget)]
            one_decay = rates(leg, legs)[:budget] == as_planned
            assert leg.answers == (one_decay and schedule.floor_from() == budget)
            assert leg.answers == (budget == budgets[0] or arm in {"fresh", "cooldown"})


def test_frozen_extends_at_the_floor_and_stretched_jumps_to_the_long_decay():
    legs = plan(1000, floor=FLOOR)
    frozen, stretched = result(legs, "frozen", 4000), result(legs, "stretched", 4000)
    assert set(rates(frozen, legs)[1000:]) == {FLOOR}
    assert rates(stretched, legs)[999] == FLOOR
    long = parse(f"poly:end=4000,floor={FLOOR}")
    assert rates(stretched, legs)[1000] == long.rate(RATE, 1001) > 0.07


@pytest.mark.parametrize(
    ("arms", "iterations"),
    [
        (ARMS, 21_200),
        (["frozen"], 4000),
        (["stretched"], 4000),
        (["fresh"], 1000 + 2000 + 3000 + 4000),
        (["cooldown"], 3200 + 200 + 400 + 600 + 800),  # the trunk, once, and four branches
        ([], 0),
    ],
)
def test_what_arms_share_is_trained_once(arms, iterations):
    assert cost(plan(1000, arms=arms)) == iterations


def test_an_arms_result_costs_what_led_to_it():
    legs = plan(1000)
    costs = {arm: [cost_of(legs, arm, budget) for budget in (1000, 2000, 4000)] for arm in ARMS}
    assert costs == {
        "frozen": [1000, 2000, 4000],
        "stretched": [1000, 2000, 4000],
        "fresh": [1000, 3000, 10_000],
        "cooldown": [800 + 200, 1600 + 200 + 400, 5200],
    }


def test_the_trunk_keeps_where_its_branches_start():
    legs = plan(1000)
    (trunk,) = (leg for leg in legs if leg.name == "trunk")
    assert keep(trunk, legs) == [800, 1600, 2400, 3200]
    assert (trunk.until, trunk.budgets) == (3200, ())


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"base": 1}, "'base'"),
        ({"multiples": [1, 3, 2]}, r"'multiples': must increase from 1, got \[1, 3, 2\]"),
        ({"multiples": [2, 3]}, "'multiples'"),
        ({"arms": ["thawed"]}, r"'arms': unknown \['thawed'\]; accepted: frozen, stretched, "),
        ({"cooldown_share": 1.0}, "'cooldown_share': must be in"),
        ({"cooldown_share": 0.001}, "'cooldown_share': 0.001 of 1000 iterations"),
        ({"cooldown_share": 0.9999}, "'cooldown_share': 0.9999 of 1000 iterations"),
        ({"warmup": 801}, "'warmup': must end before the first cooldown, at 800, got 801"),
        ({"warmup": 1000, "arms": ["fresh"]}, "'warmup': must be shorter than 1000"),
    ],
)
def test_nonsense_is_refused_by_the_name_of_its_parameter(parameters, message):
    with pytest.raises(ValueError, match=message):
        plan(**{"base": 1000, **parameters})


def test_a_budget_that_was_not_planned_has_no_result():
    with pytest.raises(ValueError, match=r"arm 'fresh' has no result at budget 5000; it has: \[10"):
        result(plan(1000), "fresh", 5000)
