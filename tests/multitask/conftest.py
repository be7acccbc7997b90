from dataclasses import replace

import pytest
import torch
import yaml

from trainstudy.multitask import data
from trainstudy.multitask.data import Splits
from trainstudy.multitask.parameters import TrainMultitask
from trainstudy.multitask.plan import read_plan
from trainstudy.tasks import TASKS

ROWS = ("images", "sizes", "scales", "labels", "boxes", "crowd")


def first(dataset, count):
    """The first images of a set, as a set."""
    arrays = {name: getattr(dataset, name) for name in ROWS if getattr(dataset, name) is not None}
    return replace(
        dataset,
        names=dataset.names[:count],
        originals=dataset.originals[:count],
        **{name: array[:count] for name, array in arrays.items()},
    )


@pytest.fixture(scope="session")
def few():
    """Eight training and four other drawn scenes of each task, at 32 pixels."""
    torch.set_num_threads(1)
    found = {}
    for task in TASKS:
        whole = data.load(task, data.SYNTHETIC, 32)
        test = first(whole.test(), 4)
        found[task] = Splits(first(whole.train, 8), first(whole.val, 4), lambda test=test: test)
    return found


@pytest.fixture
def given(few, monkeypatch, tmp_path):
    """given(**parameters): those of a training of a few iterations, two an epoch."""
    monkeypatch.setattr(data, "load", lambda task, root, size: few[task])
    common = {
        "data_root": data.SYNTHETIC, "size": 32, "backbone": "mobilenetv3_small", "batch_size": 4,
        "epochs": 2, "interval": 1, "device": "cpu", "runs_root": str(tmp_path / "runs"),
    }  # fmt: skip
    return lambda **parameters: TrainMultitask.checked(**{**common, **parameters})


@pytest.fixture
def cells():
    """Three cells of a plan, two of which share their first stage."""
    sequence = {"order": "cls,seg"}
    return [
        {"name": "cls,seg", "why": "plain", "parameters": sequence},
        {"name": "cls,seg lwf", "why": "cured", "parameters": {**sequence, "remedies": "lwf"}},
        {"name": "joint", "why": "at once", "parameters": {"order": "joint:cls,seg"}},
    ]


@pytest.fixture
def plan(tmp_path, given, cells):
    """plan(**changes): a plan from a file; data are the few scenes of ``given``."""

    def make(**changes):
        common = given().model_dump(exclude={"seed", "order", "runs_root"}, exclude_unset=True)
        path = tmp_path / "plan.yml"
        content = {"seeds": [0, 1], "common": common, "cells": cells, **changes}
        path.write_text(yaml.safe_dump(content))
        return read_plan(path)

    return make
