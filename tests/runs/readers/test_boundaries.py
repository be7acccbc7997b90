from hypothesis import given
from hypothesis import strategies as st

from trainstudy.runs.readers.boundaries import Boundaries
from trainstudy.runs.readers.events import Evaluation, Skip
from trainstudy.runs.readers.schedules import Schedule


def _validation(number: int) -> Evaluation:
    return Evaluation(number, 0, float(number), 0.0)


def _log(
    schedule: Schedule, every: int, saved: int, lost: frozenset[int], stop: int
) -> list[Evaluation | Skip]:
    """What a log of an IterBasedTrainLoop gives; validations are numbered by true iteration.

    Lines whose position is in ``lost`` are unreadable; the log ends after ``stop`` lines.
    """
    lines: list[tuple[str, int]] = []
    assert schedule.max_iters
    for at in range(1, schedule.max_iters + 1):
        lines += [("train", at)] * (at % every == 0) + [("save", at)] * (at % saved == 0)
        lines += [("val", at)] * schedule.validates_at(at)
    boundaries, found = Boundaries(schedule), []
    for position, (kind, at) in enumerate(lines[:stop]):
        if position in lost:
            boundaries.damage()
        elif kind == "val":
            found += boundaries.validation(_validation(at))
        else:
            found += boundaries.anchor(at, is_checkpoint=kind == "save")
    return found + boundaries.close()


schedules = st.builds(
    Schedule,
    max_iters=st.integers(1, 60),
    val_interval=st.integers(1, 25),
    val_begin=st.integers(1, 30),
)
steps = st.integers(1, 30)


@given(schedules, steps, steps, st.frozensets(st.integers(0, 80)), st.integers(0, 150))
def test_a_validation_is_placed_right_or_not_at_all(
    schedule: Schedule, every: int, saved: int, lost: frozenset[int], stop: int
) -> None:
    for found in _log(schedule, every, saved, lost, stop):
        assert isinstance(found, Skip) or found.iteration == found.miou


@given(schedules, st.integers(1, 10), steps)
def test_a_whole_log_places_every_validation(schedule: Schedule, every: int, saved: int) -> None:
    assert schedule.max_iters
    if schedule.max_iters < every:
        return  # no training line at all
    placed = _log(schedule, every, saved, frozenset(), 10**6)
    due = schedule.between(1, schedule.max_iters + 1)
    assert [found.iteration for found in placed if isinstance(found, Evaluation)] == due


def test_without_an_interval_only_a_checkpoint_or_the_end_decides() -> None:
    boundaries = Boundaries(Schedule(max_iters=100))
    boundaries.anchor(50)
    assert boundaries.validation(_validation(1)) == []
    assert [type(found) for found in boundaries.anchor(60)] == [Skip]
    boundaries.anchor(60, is_checkpoint=True)
    assert boundaries.validation(_validation(2)) == [_validation(2)._replace(iteration=60)]
    boundaries.anchor(100)
    assert boundaries.validation(_validation(3)) == [_validation(3)._replace(iteration=100)]


def test_a_validation_of_a_loaded_checkpoint_has_no_iteration() -> None:
    boundaries = Boundaries(Schedule(max_iters=100, val_interval=100))
    assert boundaries.validation(_validation(1)) == []
    assert [type(found) for found in boundaries.close()] == [Skip]


def test_endless_validations_need_no_endless_memory() -> None:
    boundaries = Boundaries(Schedule(max_iters=10**9, val_interval=1))
    skipped = [found for n in range(5_000) for found in boundaries.validation(_validation(n))]
    assert len(skipped) + len(boundaries.anchor(10**8)) == 5_000
