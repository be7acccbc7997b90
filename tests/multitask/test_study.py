from dataclasses import replace

import pytest
import yaml

from trainstudy.files import read_json
from trainstudy.multitask import data
from trainstudy.multitask.plan import read_plan
from trainstudy.multitask.study import Outlook, main, outlook, train_study
from trainstudy.runs.record import RUN, TESTS


def chains(study):
    return {
        (row["cell"], row["seed"]): [stage["run"] for stage in row["stages"]]
        for row in read_json(study)["chains"]
    }


def same_runs(one, other):
    """The records of two studies in pairs, once it is sure that both trained the same weights."""
    assert chains(one) == chains(other)
    names = [run for runs in chains(one).values() for run in runs]
    assert names
    pairs = [[read_json(study.parent / run / RUN) for study in (one, other)] for run in names]
    for first, second in pairs:
        assert first["checkpoint"] == second["checkpoint"]
    return pairs


def test_what_cells_share_is_trained_once_and_tested_once(plan, cells, tmp_path):
    study = train_study(plan(), at_once=2, runs_root=str(tmp_path / "study"), quiet=True)
    found = chains(study)
    assert set(found) == {(cell["name"], seed) for cell in cells for seed in (0, 1)}
    for seed in (0, 1):
        plain, cured = found["cls,seg", seed], found["cls,seg lwf", seed]
        assert plain[0] == cured[0]
        assert plain[1] != cured[1]
    folders = [path for path in study.parent.iterdir() if path.is_dir()]
    assert len(folders) == 2 * 4
    for folder in folders:
        assert len(read_json(folder / RUN)["starts"]) == 1
        lines = (folder / TESTS).read_text().splitlines()
        assert len(set(lines)) == len(lines) > 0


def test_a_study_grows_cell_by_cell_and_seed_by_seed_without_training_again(plan, tmp_path):
    root = str(tmp_path / "study")
    once = chains(train_study(plan(), cells=["joint"], seeds=[0], runs_root=root, quiet=True))
    assert set(once) == {("joint", 0)}
    study = train_study(plan(), cells=["joint"], seeds=[0, 3], runs_root=root, quiet=True)
    assert set(chains(study)) == {("joint", 0), ("joint", 3)}
    assert chains(study)["joint", 0] == once["joint", 0]
    assert len(read_json(study.parent / once["joint", 0][0] / RUN)["starts"]) == 1


def test_a_tuning_leaves_test_images_alone(plan, tmp_path):
    study = train_study(plan(test=False), cells=["joint"], seeds=[0], runs_root=str(tmp_path / "s"))
    ((run,),) = chains(study).values()
    assert (study.parent / run / RUN).exists()
    assert not (study.parent / run / TESTS).exists()


def test_how_many_train_at_once_changes_no_number(plan, tmp_path):
    studies = [
        train_study(plan(), seeds=[0], at_once=count, runs_root=str(tmp_path / root), quiet=True)
        for count, root in ((1, "a"), (3, "b"))
    ]
    same_runs(*studies)


def test_processes_that_share_the_work_change_no_number(cells, tmp_path):
    # of whole drawn sets: the other processes know nothing of a fixture
    common = {
        "data_root": "synthetic", "size": 32, "backbone": "mobilenetv3_small", "epochs": 0.2,
        "interval": 1, "device": "cpu", "batch_size": 8,
    }  # fmt: skip
    content = {"seeds": [0], "common": common, "cells": cells[:2]}
    path = tmp_path / "plan.yml"
    path.write_text(yaml.safe_dump(content))
    studies = [
        train_study(read_plan(path), processes=count, runs_root=str(tmp_path / root), quiet=True)
        for count, root in ((1, "a"), (2, "b"))
    ]
    for one, other in same_runs(*studies):
        assert (one["starts"][0]["beside"], other["starts"][0]["beside"]) == (1, 2)
    with pytest.raises(ValueError, match="'at_once' and 'processes'"):
        train_study(read_plan(path), processes=2, at_once=2, runs_root=str(tmp_path / "c"))


def test_what_is_left_is_told_before_it_is_trained(plan, tmp_path, capsys):
    root = str(tmp_path / "s")
    left = outlook(plan(), runs_root=root)
    assert not (tmp_path / "s").exists(), "nothing is trained"
    train_study(plan(), cells=["cls,seg"], seeds=[0], runs_root=root, quiet=True)
    stage = left[0].iterations // 4
    assert left == [
        Outlook("cls,seg", 2, 0, 4, 4 * stage),
        Outlook("cls,seg lwf", 2, 0, 2, 2 * stage),  # its first stage is that of the cell before
        Outlook("joint", 2, 0, 2, left[2].iterations),
    ]
    assert outlook(plan(), runs_root=root)[:2] == [
        Outlook("cls,seg", 2, 1, 2, 2 * stage), Outlook("cls,seg lwf", 2, 0, 2, 2 * stage),
    ]  # fmt: skip
    record = next((tmp_path / "s").glob("cls-*/run.json"))
    assert read_json(record)["until"] == stage
    main([str(tmp_path / "plan.yml"), "--dry-run", "--seeds", "0", "--runs-root", root])
    first, second, _, whole = capsys.readouterr().out.strip().splitlines()
    assert first == "cls,seg: 1 of 1 trained, trainings left 0, iterations 0"
    assert second == f"cls,seg lwf: 0 of 1 trained, trainings left 1, iterations {stage}"
    assert whole.startswith("all 3 cells: 1 of 3 trained, trainings left 2, iterations ")


def test_the_command_trains_what_it_is_asked_for(plan, tmp_path, capsys):
    plan()
    words = ["--cells", "joint", "--seeds", "5", "--runs-root", str(tmp_path / "s")]
    main([str(tmp_path / "plan.yml"), *words])
    assert capsys.readouterr().out.strip() == str(tmp_path / "s" / "study.json")
    assert set(chains(tmp_path / "s" / "study.json")) == {("joint", 5)}
    with pytest.raises(SystemExit):
        main([str(tmp_path / "none.yml")])
    assert "none.yml: " in capsys.readouterr().err


def test_a_broken_test_set_is_told_before_any_training(plan, few, monkeypatch, tmp_path):
    def broken():
        raise ValueError("test/3.png: has no label")

    given = plan()
    monkeypatch.setattr(data, "load", lambda task, root, size: replace(few[task], test=broken))
    with pytest.raises(ValueError, match="has no label"):
        train_study(given, runs_root=str(tmp_path / "s"), quiet=True)
    assert not (tmp_path / "s").exists()


def failing(errors):
    """What stands for a training, each of which ends in the next one of ``errors``."""

    def iterate(run, **how):
        yield 0
        raise next(errors)

    return iterate


def test_of_several_trainings_that_fail_each_is_told_in_a_line(plan, tmp_path, monkeypatch, capsys):
    plan(seeds=[0, 1, 2])
    words = [str(tmp_path / "plan.yml"), "--cells", "joint", "--runs-root", str(tmp_path / "s")]
    errors = [ValueError("one.png: empty"), OSError("disk full"), ValueError("two.png: empty")]
    monkeypatch.setattr("trainstudy.multitask.study.iterate_run", failing(iter(errors)))
    with pytest.raises(SystemExit):
        main(words)
    *_, one, two, three = capsys.readouterr().err.splitlines()
    assert one.endswith("error: one.png: empty")
    assert (two, three) == ("disk full", "two.png: empty")
    errors[1] = RuntimeError("a defect")
    monkeypatch.setattr("trainstudy.multitask.study.iterate_run", failing(iter(errors)))
    with pytest.raises(ExceptionGroup):  # with the trace of each
        main(words)


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
@pytest.mark.parametrize("content", ['{"legs": []}', '{"x": 1}'])
def test_a_folder_with_a_study_of_something_else_is_named(plan, tmp_path, capsys, content, dry):
    plan()
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "study.json").write_text(content)
    with pytest.raises(SystemExit):
        main([str(tmp_path / "plan.yml"), "--runs-root", str(tmp_path / "s"), *dry])
    assert "s/study.json: is of no study of several tasks" in capsys.readouterr().err
    assert (tmp_path / "s" / "study.json").read_text() == content


@pytest.mark.parametrize(("name", "count"), [("at_once", 0), ("processes", 0), ("processes", -1)])
def test_fewer_than_one_training_at_a_time_is_refused(plan, tmp_path, name, count):
    with pytest.raises(ValueError, match=f"parameter '{name}': must be at least 1"):
        train_study(plan(), runs_root=str(tmp_path / "s"), **{name: count})


def test_unknown_cells_are_told(plan, tmp_path):
    with pytest.raises(ValueError, match=r"parameter 'cells': the plan has no \['jiont'\]"):
        train_study(plan(), cells=["jiont"], runs_root=str(tmp_path))
