import json
import shutil
import subprocess
import sys

import pytest
import torch
from torch import nn

from trainstudy.files import read_json, write_json
from trainstudy.multitask import barrier, data
from trainstudy.multitask.barrier import between, main, score_path, score_paths
from trainstudy.multitask.network import build
from trainstudy.multitask.parameters import TrainMultitask
from trainstudy.multitask.run import train_multitask
from trainstudy.runs.record import BARRIERS, CHECKPOINTS, RUN, STUDY, read_metrics
from trainstudy.tasks import TASKS

NAMES = ("mIoU", "mAP50", "top1")
CELLS = {"joint": "joint:cls,seg", "cls,seg": "cls,seg"}


@pytest.fixture(scope="module")
def trained(few, tmp_path_factory):
    """A study of two cells with two seeds, and of one with a seed that no other has."""
    folder = tmp_path_factory.mktemp("study")
    chains = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "load", lambda task, root, size: few[task])
        for seed in (0, 1):
            for cell, order in CELLS.items():
                given = TrainMultitask.checked(
                    order=order, seed=seed, data_root=data.SYNTHETIC, size=32, batch_size=4,
                    backbone="mobilenetv3_small", epochs=1, interval=1, device="cpu",
                    runs_root=str(folder),
                )  # fmt: skip
                runs = [path.name for path in train_multitask(given, quiet=True)]
                stages = [
                    {"stage": stage.name, "run": run}
                    for stage, run in zip(given.stages, runs, strict=True)
                ]
                chains.append({"cell": cell, "seed": seed, "stages": stages})
        chains.append({"cell": "alone", "seed": 5, "stages": chains[0]["stages"]})
        write_json(folder / STUDY, {"chains": chains})
        yield folder


@pytest.fixture
def folder(trained, tmp_path):
    """A copy of the study, to be damaged and written to."""
    return shutil.copytree(trained, tmp_path / "study")


def ends(folder, seed):
    """The run folders at the ends of both cells."""
    chains = {(row["cell"], row["seed"]): row for row in read_json(folder / STUDY)["chains"]}
    return [folder / chains[cell, seed]["stages"][-1]["run"] for cell in CELLS]


def test_a_path_has_the_scores_of_the_trainings_at_its_ends(folder):
    assert score_paths(folder, *CELLS, device="cpu") == folder / BARRIERS
    paths = read_json(folder / BARRIERS)["paths"]
    assert [(path["one"], path["other"], path["seed"]) for path in paths] == [
        ("joint", "cls,seg", 0), ("joint", "cls,seg", 1),
    ]  # fmt: skip
    for path in paths:
        assert path["split"] == "val"
        assert [point["share"] for point in path["points"]] == [n / 10 for n in range(11)]
        for run, point in zip(
            ends(folder, path["seed"]), (path["points"][0], path["points"][-1]), strict=True
        ):
            (*_, last) = read_metrics(run, "val")
            assert {name: last[name] for name in NAMES}.items() <= point.items()


def test_what_is_there_is_not_scored_again_and_data_are_read_once(folder, few, monkeypatch):
    read = []
    monkeypatch.setattr(data, "load", lambda task, root, size: read.append(task) or few[task])
    score_paths(folder, *CELLS, device="cpu", points=3)
    assert sorted(read) == sorted(TASKS)
    before = read_json(folder / BARRIERS)
    for run in ends(folder, 0):
        shutil.rmtree(run / CHECKPOINTS)
    score_paths(folder, *CELLS, device="cpu", points=3)
    assert sorted(read) == sorted(TASKS)
    assert read_json(folder / BARRIERS) == before


def test_another_number_of_points_or_another_run_replaces_a_path(folder):
    score_paths(folder, *CELLS, device="cpu", points=3)
    content = read_json(folder / BARRIERS)
    content["paths"][1]["runs"][0] = "joint-trained-before"
    write_json(folder / BARRIERS, content)
    score_paths(folder, *CELLS, device="cpu", points=3)
    found = read_json(folder / BARRIERS)["paths"]
    assert found[1]["runs"] == [run.name for run in ends(folder, 1)]
    score_paths(folder, *CELLS, device="cpu", points=4)
    assert [len(path["points"]) for path in read_json(folder / BARRIERS)["paths"]] == [4, 4]


def test_paths_between_other_cells_are_kept(folder):
    score_paths(folder, *CELLS, device="cpu", points=3)
    score_paths(folder, *reversed(CELLS), device="cpu", points=3)
    there = {(path["one"], path["seed"]): path["points"]
             for path in read_json(folder / BARRIERS)["paths"]}  # fmt: skip
    assert len(there) == 4
    for seed in (0, 1):
        mirrored = there["cls,seg", seed][::-1]
        for forth, back in zip(there["joint", seed], mirrored, strict=True):
            assert {name: forth[name] for name in NAMES} == {name: back[name] for name in NAMES}


def test_a_path_from_a_network_to_itself_is_level(few):
    sets = {task: splits.val for task, splits in few.items()}
    classes = {task: len(dataset.classes) for task, dataset in sets.items()}
    network = build("mobilenetv3_small", 0, classes).eval()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    points = score_path(network, network, sets, points=3)
    assert [point["share"] for point in points] == [0.0, 0.5, 1.0]
    assert len({tuple(point[name] for name in NAMES) for point in points}) == 1
    after = network.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items())


def test_weights_and_statistics_are_mixed_and_counts_are_the_firsts():
    one, other = (nn.BatchNorm1d(2).state_dict() for _ in range(2))
    one["num_batches_tracked"] += 3
    other["weight"], other["running_mean"] = torch.tensor([3.0, 5.0]), torch.tensor([4.0, 8.0])
    found = between(one, other, 0.25)
    assert found["weight"].tolist() == [1.5, 2.0]
    assert found["running_mean"].tolist() == [1.0, 2.0]
    assert found["num_batches_tracked"].item() == 3
    for share, end in ((0, one), (1, other)):
        exact = between(one, other, share)
        assert all(torch.equal(exact[name], end[name]) for name in ("weight", "running_mean"))


def test_networks_of_different_shapes_are_told_by_the_tensor():
    one, other = nn.Linear(2, 3).state_dict(), nn.Linear(2, 4).state_dict()
    with pytest.raises(ValueError, match=r"different shapes: weight: \[3, 2\] and \[4, 2\]"):
        between(one, other, 0.5)
    del other["weight"], one["bias"]
    with pytest.raises(ValueError, match=r"different shapes: weight: \[3, 2\] and None"):
        between(one, other, 0.5)


@pytest.mark.parametrize(
    ("one", "other", "points", "message"),
    [
        ("jiont", "cls,seg", 3, r"unknown cell 'jiont'; the study has: joint \| cls,seg \| alone"),
        ("joint", "jiont", 3, "unknown cell 'jiont'"),
        ("joint", "joint", 3, "cell 'joint' is both ends"),
        ("joint", "alone", 3, "cells 'joint' and 'alone' have no seed in common"),
        ("joint", "cls,seg", 2, "points=2: accepted are whole numbers from 3"),
    ],
)
def test_what_makes_no_sense_is_told(trained, one, other, points, message):
    with pytest.raises(ValueError, match=message):
        score_paths(trained, one, other, device="cpu", points=points)
    assert not (trained / BARRIERS).exists()


def test_a_missing_checkpoint_is_told_before_any_work(folder):
    shutil.rmtree(ends(folder, 1)[1] / CHECKPOINTS)
    with pytest.raises(ValueError, match=r"cell 'cls,seg', seed 1: there is no checkpoint .*iter_"):
        score_paths(folder, *CELLS, device="cpu", points=3)
    assert not (folder / BARRIERS).exists()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"size": 48}, "cells 'joint' and 'cls,seg', seed 0: size differs: 48 and 32"),
        ({"precision": "bfloat16"}, "seed 0: precision differs: bfloat16 and float32"),
        ({"val": dict.fromkeys(TASKS, "")}, "seed 0: .* is not what both were validated on"),
    ],
)
def test_what_does_not_compare_is_told(folder, changed, message):
    record = ends(folder, 0)[0] / RUN
    content = read_json(record)
    content["inputs"].update(changed)
    write_json(record, content)
    with pytest.raises(ValueError, match=message):
        score_paths(folder, *CELLS, device="cpu", points=3)


def test_cells_with_different_networks_are_told(folder, monkeypatch):
    wide = build("efficientnet_b0", 0, dict.fromkeys(TASKS, 10), weights=False).eval()
    end, load = ends(folder, 0)[0], barrier.load_network

    def of_two(path, device):
        network, inputs = load(path, device)
        return wide if path.is_relative_to(end) else network, inputs

    monkeypatch.setattr(barrier, "load_network", of_two)
    with pytest.raises(ValueError, match="seed 0: networks of different shapes: backbone"):
        score_paths(folder, *CELLS, device="cpu", points=3)


def test_the_command_prints_where_the_paths_are(folder, capsys):
    main([str(folder), "--one", "joint", "--other", "cls,seg", "--points", "3", "--device", "cpu"])
    assert capsys.readouterr().out.strip() == str(folder / BARRIERS)
    assert len(json.loads((folder / BARRIERS).read_text())["paths"]) == 2


def test_the_module_runs_and_tells_what_is_wrong_in_one_line(tmp_path):
    command = [sys.executable, "-m", "trainstudy.multitask.barrier", str(tmp_path)]
    done = subprocess.run(
        [*command, "--one", "a", "--other", "b"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].count(str(tmp_path / STUDY)) >= 1
