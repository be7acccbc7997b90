import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.runs.readers.events import Evaluation, Event, Target, Train
from trainstudy.runs.readers.skipped import Skipped
from trainstudy.runs.readers.start import THINNED, Start, join


def started(iterations: list[int], score: float, skipped: Skipped) -> Start:
    start = Start(f"file {score}", skipped)
    start.extend(Evaluation(n, at, score, 0.0) for n, at in enumerate(iterations, start=1))
    return start


@given(st.lists(st.lists(st.integers(1, 30), max_size=12), max_size=4))
def test_the_last_record_of_an_iteration_counts_and_every_loss_is_reported(
    recorded: list[list[int]],
) -> None:
    skipped = Skipped()
    starts = [started(iterations, number, skipped) for number, iterations in enumerate(recorded)]
    join(starts)
    kept = [(one.iteration, one.miou) for start in starts for one in start.validations]
    # by the definition: a record stays if everything recorded after it lies beyond it
    flat = [(at, float(n)) for n, iterations in enumerate(recorded) for at in iterations]
    expected = [row for n, row in enumerate(flat) if all(at > row[0] for at, _ in flat[n + 1 :])]
    assert kept == expected
    repeats = sum(a == b for its in recorded for a, b in itertools.pairwise(its))
    lost = int(skipped.frame()["count"].sum())
    assert len(flat) - len(kept) - repeats <= lost <= len(flat) - len(kept)


@pytest.mark.parametrize(
    ("later", "kept"),
    [
        ([Train(1, 5, 1.0, 0.1)], [10, 20]),
        ([Train(1, 5, 1.0, 0.1), Train(2, 10, 1.0, 0.1)], [10, 20]),
        ([Train(1, 5, 1.0, 0.1), Train(2, 11, 1.0, 0.1)], []),
        ([Train(1, 5, 1.0, 0.1), Evaluation(2, 5, 50.0, 0.0)], [5]),
        ([Train(1, 15, 1.0, 0.1)], [10]),
    ],
)
def test_a_start_that_came_to_nothing_takes_nothing_back(
    later: list[Event], kept: list[int]
) -> None:
    skipped = Skipped()
    starts = [started([10, 20], 40.0, skipped), Start("b", skipped)]
    starts[1].extend([*later, Target(7)])
    join(starts)
    assert [one.iteration for start in starts for one in start.validations] == kept
    is_out = kept == [10, 20]
    assert (starts[1].first is None) == (starts[1].target is None) == (not starts[1].train)
    assert (starts[1].target is None) == is_out
    reason = f"a start of {later[-1][1]} iterations without a validation: left out"
    assert skipped.frame()["reason"].isin([reason]).sum() == is_out


def test_where_nothing_was_validated_the_last_start_counts() -> None:
    starts = [Start(name, Skipped()) for name in "ab"]
    for start, end in zip(starts, (9, 3), strict=True):
        start.extend(Train(at, at, 1.0, 0.1) for at in range(1, end))
    join(starts)
    assert [len(start.train) for start in starts] == [0, 2]


def test_equal_repeats_are_silent_and_conflicts_are_not() -> None:
    skipped = Skipped()
    start = Start("a", skipped)
    start.extend([Evaluation(1, 5, 30.0, 0.0), Evaluation(2, 5, 30.0, 0.0)])
    assert skipped.frame().empty
    start.extend([Evaluation(3, 5, 31.0, 0.0)])
    assert [(one.iteration, one.miou) for one in start.validations] == [(5, 31.0)]
    assert skipped.frame()["line"].tolist() == [2]


def test_training_lines_are_thinned_evenly_and_evaluations_never() -> None:
    start = Start("a", Skipped())
    for at in range(1, 10 * THINNED):
        start.extend([Train(at, at, 1.0, 0.1), Evaluation(at, at, 30.0, 0.0)])
    gaps = {b.iteration - a.iteration for a, b in zip(start.train, start.train[1:], strict=False)}
    assert len(gaps) == 1
    assert THINNED // 2 <= len(start.train) <= THINNED
    assert len(start.validations) == 10 * THINNED - 1
