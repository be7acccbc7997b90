"""A way is one file, one test and one paragraph of the book: none of the three may lack."""

from itertools import chain, permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.multitask.ways import WAYS, stages
from trainstudy.paths import project_root
from trainstudy.tasks import TASKS

PAGE = project_root() / "book" / "method" / "ways.md"
ORDERS = [",".join(order) for order in permutations(TASKS)]
every_order = st.sampled_from(
    ["joint", *(f"single:{task}" for task in TASKS), *ORDERS, *(f"cumulative:{o}" for o in ORDERS)]
)


@pytest.mark.parametrize("name", WAYS)
def test_has_its_test_and_its_paragraph(name):
    assert Path(__file__).with_name(f"test_{name}.py").is_file()
    assert f"(way-{name})=" in PAGE.read_text()


@given(order=every_order)
def test_parents_come_first(order):
    plan = stages(order, 2)
    names = [stage.name for stage in plan]
    assert len(set(names)) == len(names)
    for place, stage in enumerate(plan):
        assert stage.parent is None or stage.parent in names[:place]
        assert not set(stage.earlier) & set(stage.tasks)


def test_all_six_orders_share_their_beginnings_with_each_other_and_the_single_tasks():
    orders = [*ORDERS, *(f"single:{task}" for task in TASKS)]
    assert len(set(chain.from_iterable(map(stages, orders)))) == 3 + 6 + 6


@pytest.mark.parametrize("order", ["joint", *ORDERS])
def test_joint_and_sequential_cost_the_same_in_any_order(cost, order):
    assert cost(stages(order, 50), 15) == dict.fromkeys(TASKS, 750)


def test_an_order_may_be_short_or_written_out():
    assert stages("joint") == stages("joint: seg, det, cls")
    assert stages("det,seg") == stages("sequential:det,seg")
    assert stages("seg") == stages("single:seg")


@pytest.mark.parametrize(
    ("order", "options", "message"),
    [
        ("mixed:seg", {}, "unknown way 'mixed'; accepted: cumulative, joint, sequential, single"),
        (":seg", {}, "unknown way ''"),
        ("", {}, "order '': expected different ones of seg, det, cls"),
        ("seg,pose", {}, "order 'seg,pose': expected different ones of seg, det, cls"),
        ("seg,seg", {}, "expected different"),
        ("joint:", {}, "expected different"),
        ("seg", {"epochs": 0}, "parameter 'epochs'"),
        ("seg", {"epochs": float("nan")}, "parameter 'epochs'"),
        ("seg,det", {"epochs": {"seg": 1}}, "parameter 'epochs': .* of a sequence one for each"),
        ("seg,det", {"epochs": {"seg": 1, "det": 0}}, "parameter 'epochs': must be above 0"),
        ("joint:seg", {"epochs": {"seg": 1}}, "parameter 'epochs': a number"),
        (
            "seg",
            {"warmup_epochs": 3},
            "'warmup_epochs': order 'seg' is sequential, which has nothing",
        ),
        (
            "joint",
            {"ramp": 3},
            "parameter 'ramp': order 'joint' is joint, which has warmup_epochs, ",
        ),
    ],
)
def test_nonsense_is_told_what_is_accepted(order, options, message):
    with pytest.raises(ValueError, match=message):
        stages(order, **options)
