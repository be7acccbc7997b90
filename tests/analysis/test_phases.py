import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.analysis.marginal import REPORT_PHASES
from trainstudy.analysis.phases import check_phases, suggest_phases
from trainstudy.runs.curves import empty

SEEN = st.sets(st.integers(1, 60), min_size=1, max_size=12)


def curves(make, *seen, **options) -> pd.DataFrame:
    """One configuration for each set of iterations."""
    return make(
        {f"none/City/m{i}": dict.fromkeys(at, 40.0) for i, at in enumerate(seen)}, **options
    )


def test_the_reports_own_phases_where_one_run_has_them_all(make):
    assert suggest_phases(curves(make, [*REPORT_PHASES, 5], [5, 10])) == REPORT_PHASES
    halves = curves(make, REPORT_PHASES[:2]), curves(make, REPORT_PHASES[2:], run="b")
    assert suggest_phases(pd.concat([*halves, curves(make, [1, 2], run="c")])) != REPORT_PHASES


@given(st.lists(SEEN, min_size=1, max_size=5), st.integers(2, 5))
def test_phases_grow_and_one_run_has_them_all(make, seen, count):
    made = curves(make, *seen)
    try:
        found = suggest_phases(made, count)
    except ValueError:
        shares = {at: sum(at in one for one in seen) for at in set().union(*seen)}
        most = {at for at, share in shares.items() if share == max(shares.values())}
        assert all(len(one & most) < 2 for one in seen)
        return
    assert list(found) == sorted(set(found))
    assert 2 <= len(found) <= count
    assert any(set(found) <= one for one in seen)
    assert check_phases(made, found) == found


@given(SEEN.filter(lambda seen: len(seen) > 1), st.integers(1, 5))
def test_equal_configurations_are_compared_from_end_to_end(make, seen, times):
    found = suggest_phases(curves(make, *[seen] * times))
    assert (found[0], found[-1]) == (min(seen), max(seen))
    assert len(found) == min(4, len(seen))


def test_iterations_that_most_configurations_share_win(make):
    assert suggest_phases(curves(make, [10, 20, 30, 40], [10, 30, 35], [10, 30])) == (10, 30)


def test_disjoint_configurations_give_phases_of_one_of_them(make):
    assert suggest_phases(curves(make, [1, 5, 9], [2, 4, 6, 8])) == (2, 4, 6, 8)


def test_a_gain_needs_both_ends_from_one_run(make):
    made = pd.concat([curves(make, [10], run="a"), curves(make, [20], run="b")])
    with pytest.raises(ValueError, match="1 common iteration"):
        suggest_phases(made)
    with pytest.raises(ValueError, match=r"no run was evaluated at two of 10, 20; .*: 10, 20$"):
        check_phases(made, [10, 20])


def test_nothing_to_compare_is_an_error_that_names_the_parameter(make):
    for made in (empty(), curves(make, [10])):
        with pytest.raises(ValueError, match="'phases'"):
            suggest_phases(made)
