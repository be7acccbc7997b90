import pytest

from trainstudy.training.turns import exhaust, take_turns


def counting(name, length, seen, fault=None):
    def start():
        for number in range(length):
            seen.append((name, number))
            if number == fault:
                raise ValueError(f"{name} failed")
            yield number
        return name.upper()

    return start


def test_they_take_turns_and_their_results_come_in_order():
    seen = []
    assert take_turns([counting("a", 3, seen), counting("b", 1, seen)]) == ["A", "B"]
    assert seen == [("a", 0), ("b", 0), ("a", 1), ("a", 2)]


def test_no_more_are_under_way_than_asked_for():
    seen = []
    starts = [counting(name, 2, seen) for name in "abc"]
    assert take_turns(starts, at_once=2) == ["A", "B", "C"]
    assert [name for name, _ in seen] == ["a", "b", "a", "b", "c", "c"]


def test_one_waits_for_the_one_it_needs():
    seen = []
    starts = [counting(name, 2, seen) for name in "abc"]
    assert take_turns(starts, after=[None, 0, None]) == ["A", "B", "C"]
    order = [name for name, _ in seen]
    assert order.index("b") > max(place for place, name in enumerate(order) if name == "a")
    assert order.index("c") < order.index("b")


def test_where_one_fails_the_others_go_on_without_those_that_need_it():
    seen = []
    starts = [counting("a", 3, seen, fault=1), counting("b", 3, seen), counting("c", 1, seen)]
    with pytest.raises(ValueError, match="a failed"):
        take_turns(starts, after=[None, None, 0])
    assert ("b", 2) in seen
    assert not any(name == "c" for name, _ in seen)


def test_several_failures_are_raised_together():
    starts = [counting(name, 1, [], fault=0) for name in "ab"]
    with pytest.raises(ExceptionGroup, match="2 of 2 trainings failed"):
        take_turns(starts)


def test_a_single_training_runs_to_its_end():
    seen = []
    assert exhaust(counting("a", 4, seen)()) == "A"
    assert len(seen) == 4
