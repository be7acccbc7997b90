import json
import shutil
from itertools import product

import pytest

from trainstudy.files import read_json, write_json
from trainstudy.multitask.study import main, outlook, train_study
from trainstudy.runs.chains import read_chains
from trainstudy.runs.record import RUN, STUDY


@pytest.fixture
def trained(plan, tmp_path):
    """A study with two seeds of a joint cell and one of a sequence."""
    root = tmp_path / "s"
    train_study(plan(), cells=["joint"], runs_root=str(root), quiet=True)
    train_study(plan(), cells=["cls,seg"], seeds=[0], runs_root=str(root), quiet=True)
    return root


def names(root):
    return sorted(path.name for path in root.iterdir())


def test_a_cell_of_another_plan_is_refused_before_any_work(plan, trained, tmp_path, capsys):
    before, listed = names(trained), (trained / STUDY).read_bytes()
    changed = plan(common={**plan().common, "epochs": 1})
    told = (
        r"parameter 'runs_root': .*/s holds cell 'joint' of another plan, .*: its epochs differ; "
    )
    for cells, seeds in ((["joint"], [0]), (["joint"], [7]), (None, [0])):
        for asked in (train_study, outlook):
            with pytest.raises(ValueError, match=told):
                asked(changed, cells=cells, seeds=seeds, runs_root=str(trained))
    with pytest.raises(SystemExit):
        main([str(tmp_path / "plan.yml"), "--runs-root", str(trained), "--seeds", "0"])
    assert "choose another runs_root" in capsys.readouterr().err
    assert names(trained) == before
    assert (trained / STUDY).read_bytes() == listed


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"order": "joint:cls,det"}, "order"),
        ({"learning_rate": 0.01, "smoothing": 0.1}, "learning_rate, smoothing"),
        ({"warmup_epochs": 0.5}, "epochs"),
    ],
)
def test_what_differs_from_another_plan_is_named(plan, cells, trained, change, differs):
    joint = {**cells[2], "parameters": {**cells[2]["parameters"], **change}}
    with pytest.raises(ValueError, match=f": its {differs} differ; choose another"):
        outlook(plan(cells=[joint]), seeds=[0], runs_root=str(trained))


def test_a_plan_that_was_changed_for_all_seeds_trains_them_anew(plan, trained):
    changed = plan(common={**plan().common, "epochs": 1})
    (found,) = outlook(changed, cells=["joint"], runs_root=str(trained))
    assert (found.chains, found.trained) == (2, 0)


def test_other_cells_and_other_seeds_go_on(plan, cells, trained):
    changed = {**cells[2], "name": "joint short", "parameters": {"order": "joint", "epochs": 1}}
    found = outlook(plan(cells=[*cells, changed]), seeds=[0, 3], runs_root=str(trained))
    assert [(row.cell, row.trained) for row in found] == [
        ("cls,seg", 1), ("cls,seg lwf", 0), ("joint", 1), ("joint short", 0),
    ]  # fmt: skip


def shorten(record):
    record["iteration"] -= 1


def reseed(record):
    record["inputs"]["seed"] = 9


def unname(record):
    del record["identity"]


@pytest.mark.parametrize(
    ("place", "damage"), [*product([0, 1], [None, "{", "{}", shorten, reseed]), (0, unname)]
)
def test_a_chain_whose_runs_are_not_what_is_asked_for_is_not_trained(plan, trained, place, damage):
    runs = {(chain.cell, chain.seed): chain.runs for chain in read_chains(trained)}
    path = runs["cls,seg", 0][place] / RUN
    if damage is None:
        shutil.rmtree(path.parent)
    elif isinstance(damage, str):
        path.write_text(damage)
    else:
        record = read_json(path)
        damage(record)
        path.write_text(json.dumps(record))
    found = outlook(plan(), seeds=[0], runs_root=str(trained))
    assert [row.trained for row in found] == [0, 0, 1]
    assert found[0].trainings == 2


def test_a_run_that_stands_where_another_one_was_trained_is_not_trained(plan, trained):
    content = read_json(trained / STUDY)
    one, other = (row for row in content["chains"] if row["cell"] == "joint")
    one["stages"], other["stages"] = other["stages"], one["stages"]
    write_json(trained / STUDY, content)
    (joint,) = outlook(plan(), cells=["joint"], runs_root=str(trained))
    assert (joint.trained, joint.trainings) == (0, 2)
