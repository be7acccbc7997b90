import pytest


def test_returns_that_diminish(planted, verdict):
    found = verdict(planted, "diminishing", first=[10, 20], later=[20, 40])
    assert found.status == "confirmed"
    assert found.recomputed == pytest.approx(10_000 * (0.1545 - 0.02))
    other = verdict(planted, "diminishing", first=[20, 40], later=[10, 20])
    assert other.status == "contradicted"
    assert verdict(planted, "diminishing", first=[10, 20], later=[20, 99]).status == "not checkable"


def test_a_shared_checkpoint_enters_both_rates(planted, verdict):
    joined = verdict(planted, "diminishing", first=[10, 20], later=[20, 30])
    apart = verdict(planted, "diminishing", first=[10, 20], later=[21, 31])
    # variance weights (-1, 2, -1) against (-1, 1, 1, -1)
    assert joined.noise_floor / apart.noise_floor == pytest.approx((6 / 4) ** 0.5)


def test_the_highest_budget(planted, verdict):
    assert verdict(planted, "highest_at", budget=40, others=[10, 20]).status == "confirmed"
    assert verdict(planted, "highest_at", budget=20, others=[10, 40]).status == "contradicted"
    assert verdict(planted, "highest_at", budget=40, others=[99]).status == "not checkable"
