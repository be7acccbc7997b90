import json
from functools import partial
from shutil import copytree

import pytest

from trainstudy.runs.chains import read_barriers, read_chains
from trainstudy.runs.merge import main, merge
from trainstudy.runs.record import BARRIERS, CHECKPOINTS, METRICS, RUN, STUDY


@pytest.fixture
def write(tmp_path):
    """write(folder, {(cell, seed): runs}, mark) -> a study; ``mark`` tells its trainings apart."""

    def make(name, chains, mark="", inputs=None):
        folder = tmp_path / name
        for (cell, _), runs in chains.items():
            for run in runs:
                (folder / run / CHECKPOINTS).mkdir(parents=True, exist_ok=True)
                (folder / run / CHECKPOINTS / "weights").write_text("many")
                replicate_of = (inputs or {}).get(cell, f"{cell} {runs.index(run)}")
                record = {"replicate_of": replicate_of, "mark": mark}
                (folder / run / RUN).write_text(json.dumps(record))
                (folder / run / METRICS).write_text(mark)
        rows = [
            {"cell": cell, "seed": seed, "stages": [{"stage": run[0], "run": run} for run in runs]}
            for (cell, seed), runs in chains.items()
        ]
        (folder / STUDY).write_text(json.dumps({"chains": rows}))
        return folder

    return make


def marks(folder):
    """By chain, what tells the trainings of its stages apart."""
    return {
        (chain.cell, chain.seed): [json.loads((run / RUN).read_text())["mark"]
                                   for _, run in chain.stages]
        for chain in read_chains(folder)
    }  # fmt: skip


def test_chains_are_added_and_those_that_are_there_stay(write, tmp_path):
    one = write("one", {("a", 0): ["s", "st"]}, "1")
    two = write("two", {("a", 0): ["s", "st"], ("a", 1): ["u", "ut"]}, "2")
    target = tmp_path / "all"
    assert [len(merge(target, source)) for source in (one, two, two)] == [1, 1, 0]
    assert marks(target) == {("a", 0): ["1", "1"], ("a", 1): ["2", "2"]}
    assert not list(target.rglob(CHECKPOINTS))
    assert {path.name for path in (target / "s").iterdir()} == {RUN, METRICS}


def test_a_stage_that_was_trained_twice_is_there_twice(write, tmp_path):
    one = write("one", {("a", 0): ["s", "st"]}, "1")
    two = write("two", {("b", 0): ["s", "sb"], ("c", 0): ["s", "sc"]}, "2", {"b": "x", "c": "y"})
    merge(one, two)
    assert marks(one) == {("a", 0): ["1", "1"], ("b", 0): ["2", "2"], ("c", 0): ["2", "2"]}
    assert (one / "s-2" / METRICS).read_text() == "2"
    assert not (one / "s-3").exists()


def test_a_copy_that_is_broken_off_is_no_run(write, tmp_path, monkeypatch):
    one, target = write("one", {("a", 0): ["s"]}, "1"), tmp_path / "target"

    def torn(source, place):
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr("shutil.copy2", torn)
        patched.setattr("shutil.copytree", partial(copytree, copy_function=torn))
        with pytest.raises(OSError, match="disk full"):
            merge(target, one)
    assert not list(target.glob(f"*/{RUN}"))
    assert len(merge(target, one)) == 1
    assert {path.name for path in target.iterdir()} == {"s", STUDY}
    assert (target / "s" / METRICS).read_text() == "1"


def test_barriers_follow_the_runs(write, tmp_path):
    points = [{"share": 0.0}]
    path = {"one": "a", "other": "b", "seed": 0, "split": "val", "points": points}
    one = write("one", {("c", 0): ["s"]}, "1")
    two = write("two", {("a", 0): ["s"], ("b", 0): ["t"]}, "2")
    (two / BARRIERS).write_text(json.dumps({"paths": [{**path, "runs": ["s", "t"]}]}))
    merge(one, two)
    assert read_barriers(one) == [{**path, "runs": ["s-2", "t"]}]
    three = write("three", {("a", 0): ["s"], ("b", 0): ["t"]}, "3")
    (three / BARRIERS).write_text(json.dumps({"paths": [{**path, "runs": ["s", "t"]}]}))
    merge(one, three)
    assert len(read_barriers(one)) == 1


def test_seeds_of_other_inputs_are_no_seeds_of_a_cell(write, capsys):
    one = write("one", {("a", 0): ["s"]}, "1", {"a": "so"})
    two = write("two", {("a", 1): ["t"]}, "2", {"a": "or so"})
    with pytest.raises(ValueError, match=r"cell 'a': seeds 0 and 1 differ .*one/s/run.json and"):
        merge(one, two)
    assert not (one / "t").exists()
    with pytest.raises(SystemExit):
        main([str(one), str(two)])
    assert "cell 'a'" in capsys.readouterr().err


def test_a_record_that_does_not_tell_what_it_is_a_replicate_of_is_named(write, tmp_path, capsys):
    one = write("one", {("a", 0): ["s", "t"]})
    (one / "s" / RUN).write_text("{}")
    with pytest.raises(SystemExit):
        main([str(tmp_path / "all"), str(one)])
    assert "one/s/run.json: no 'replicate_of'" in capsys.readouterr().err
    assert not (tmp_path / "all").exists()


def test_the_command_tells_what_was_added(write, tmp_path, capsys):
    one = write("one", {("a", 0): ["s"], ("a", 1): ["t"]}, "1")
    main([str(tmp_path / "all"), str(one)])
    assert capsys.readouterr().out == f"{one}: 2 chains added\n"
