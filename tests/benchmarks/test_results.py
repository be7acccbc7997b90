import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks._results import RESULTS, Row, compare, load, save

POSITIVE = st.floats(1e-3, 1e6)
BENCHMARKS = (
    "training_speed", "profile", "peer_quality", "resume_cost", "packed", "cpu_speed",
    "multitask_latency", "multitask_study", "two_gpus",
)  # fmt: skip


def row(name="a", ours=3.0, theirs=2.0, **more):
    given = {"device": "cpu, 1 threads", "command": "python -m benchmarks.packed", **more}
    return compare(name, "a peer", "it/s", ours, theirs, **given)


def test_committed_results_are_valid_and_of_a_gpu_or_cpu_named():
    for path in RESULTS.glob("*.json"):
        rows = load(path)
        assert path.stem in BENCHMARKS
        assert len({row.name for row in rows}) == len(rows) > 0
        assert not any("--quick" in row.command for row in rows)


@given(POSITIVE, POSITIVE)
def test_a_ratio_above_one_is_ours_better(ours, theirs):
    rate, cost = (row(ours=ours, theirs=theirs, cost=cost) for cost in (False, True))
    assert rate.ratio == pytest.approx(ours / theirs, rel=1e-3)
    assert cost.ratio == pytest.approx(theirs / ours, rel=1e-3)
    assert cost.unit.endswith("(ratio: theirs/ours)")


def test_a_row_of_the_same_name_is_replaced_in_its_place(tmp_path):
    path = tmp_path / "new" / "some.json"
    save(path, [row("a"), row("b")])
    save(path, [row("c"), row("a", ours=4.0)])
    assert [(one.name, one.ours) for one in load(path)] == [("a", 4.0), ("b", 3.0), ("c", 3.0)]
    assert [file.name for file in path.parent.iterdir()] == ["some.json"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ratio": 2.0}, "ratio 2.0, expected 1.5"),
        ({"ours": "3"}, "ours"),
        ({"more": 1}, "more"),
        ({"date": "yesterday"}, "date"),
        ({"theirs": None}, "theirs"),
        ({"command": "python elsewhere.py"}, "command"),
    ],
    ids=lambda value: "" if isinstance(value, str) else next(iter(value)),
)
def test_a_faulty_row_is_refused_with_the_file_named(tmp_path, change, message):
    path = tmp_path / "faulty.json"
    path.write_text(json.dumps([row().model_dump() | change]))
    with pytest.raises(ValueError, match=rf"faulty\.json: [\s\S]*{message}"):
        load(path)


def test_details_keep_four_digits():
    made = row(rates=(1.23456, {"a": 98765.4}), crop=(320, 480))
    assert isinstance(made, Row)
    assert made.details["rates"] == [1.235, {"a": 98770.0}]
    assert made.details["crop"] == [320, 480]
    assert made.details["versions"]["torch"]
