from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.runs.readers.schedules import Schedule, parse_schedule, schedule_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "train_cfg = dict(max_iters=80, type='IterBasedTrainLoop', val_interval=8)",
            Schedule(80, 8, 1, False),
        ),
        (
            "train_cfg = {'max_iters': 80, \"val_interval\": 8, 'val_begin': 20}",
            Schedule(80, 8, 20, False),
        ),
        ("# max_iters=40\nmax_iters=80", Schedule(80, None, 1, False)),
        ("max_iters=40\nmax_iters=80", Schedule(None, None, 1, False)),
        ("max_iters=3.2e5", Schedule(None, None, 1, False)),
        ("max_iters=80, val_interval=8, dynamic_intervals=[(40, 2)]", Schedule(80, None, 1, False)),
        ("max_iters=80, val_interval=8, dynamic_intervals=None", Schedule(80, 8, 1, False)),
        ("type='EpochBasedTrainLoop', max_epochs=9, val_interval=1", Schedule(None, None, 1, True)),
        (
            "runner = dict(type='IterBasedRunner', max_iters=80)\n"
            "checkpoint_config = dict(interval=5)\n"
            "evaluation = dict(metric=['mIoU'], other=dict(a=1), interval=16)",
            Schedule(80, 16, 1, False),
        ),
        ("", Schedule()),
    ],
)
def test_parse(text: str, expected: Schedule) -> None:
    assert parse_schedule(text) == expected


def test_no_file_is_no_schedule(tmp_path: Path) -> None:
    assert schedule_of(tmp_path / "config.py") == schedule_of(tmp_path) == Schedule()


@given(
    st.integers(1, 99),
    st.integers(1, 99),
    st.integers(1, 99),
    st.integers(0, 99),
    st.integers(0, 99),
)
def test_between_is_the_loop_of_mmengine(
    length: int, step: int, begin: int, low: int, high: int
) -> None:
    def validates(at: int) -> bool:  # IterBasedTrainLoop.run
        return at >= begin and (at % step == 0 or at == length)

    schedule = Schedule(length, step, begin)
    assert schedule.between(low, high) == [
        at for at in range(max(low, 1), high) if at <= length and validates(at)
    ]
