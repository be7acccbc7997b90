import os
import time

import pytest

from trainstudy.training.processes import VISIBLE, spread


def square(number):
    if number < 0:
        raise ValueError(f"{number} is too small")
    return number**2


def gpu_beside_others(folder):
    """Wait until three processes are here."""
    (folder / str(os.getpid())).touch()
    until = time.monotonic() + 60
    while len(list(folder.iterdir())) < 3 and time.monotonic() < until:
        time.sleep(0.05)
    return os.environ[VISIBLE]


def square_or_die(number):
    return square(number) if number else os._exit(3)


def test_results_come_in_order_and_are_told_as_they_end():
    told = {}
    found = spread(square, [3, 1, 2].__getitem__, [None] * 3, processes=2, done=told.__setitem__)
    assert found == [9, 1, 4]
    assert told == {0: 9, 1: 1, 2: 4}


def test_a_job_is_asked_for_when_the_one_it_needs_has_ended():
    ended = {}

    def job(place):
        return ended[2] if place == 0 else 2

    found = spread(square, job, [2, None, None], processes=3, done=ended.__setitem__)
    assert found == [16, 4, 4]


def test_where_one_fails_the_others_go_on_without_those_that_need_it():
    told = {}
    with pytest.raises(ValueError, match="-5 is too small"):
        spread(square, [-5, 1, 2].__getitem__, [None, 0, None], processes=1, done=told.__setitem__)
    assert told == {2: 4}


def test_several_failures_are_raised_together():
    with pytest.raises(ExceptionGroup, match="2 of 3 trainings failed"):
        spread(square, [-5, -6, 2].__getitem__, [None] * 3, processes=2)


def test_a_process_that_dies_is_told_and_the_others_get_a_new_one():
    told = {}
    with pytest.raises(Exception, match="terminated abruptly"):
        spread(square_or_die, [2, 0, 3, 4].__getitem__, [None, None, 1, None], processes=1,
               done=told.__setitem__)  # fmt: skip
    assert told == {0: 4, 3: 16}


def test_each_process_sees_one_of_the_gpus(monkeypatch, tmp_path):
    monkeypatch.setenv(VISIBLE, "4,7")
    found = spread(gpu_beside_others, lambda place: tmp_path, [None] * 3, processes=3)
    assert sorted(found) == ["4", "4", "7"]
