import re

import pandas as pd
import pytest
import torch

from trainstudy.book import dry_run
from trainstudy.data import DryRun, synthetic
from trainstudy.segmentation.models import load_openmm


@pytest.fixture
def parameters(monkeypatch, tmp_path):
    """A small training on few streets, and nothing in its folder of runs."""
    load_openmm()
    torch.set_num_threads(1)
    monkeypatch.setattr(synthetic, "TRAIN_SCENES", 3)
    monkeypatch.setattr(synthetic, "VAL_SCENES", 1)
    return dry_run.DryRun.checked(
        dataset="streets-new_town", crop=[32, 32], batch_size=2, timed_steps=2, until=1000,
        interval=300,
        device="cpu", runs_root=str(tmp_path / "runs"),
    )  # fmt: skip


@pytest.fixture
def found():
    """Tables of a data set with one problem."""
    return DryRun(
        images=pd.DataFrame(
            {"split": ["train", "val"], "domain": ["day", "fog"], "images": [7, 2]}
        ),
        classes=pd.DataFrame(
            {"class": ["road", "ignored"], "train": [99.999, 0.001], "val": [0, 0]}
        ),
        sizes=pd.DataFrame({"split": ["train"], "size": ["8x4"], "images": [7]}),
        problems=pd.DataFrame({"file": ["a/<b>.png"], "what": ["has no label"]}),
    )


def cells(shown) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", shown._repr_html_())[1:]
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in rows]


def test_tables_have_every_domain_of_every_split_and_their_sum(found):
    assert cells(dry_run.images(found)) == [
        ["day", "7", "0"], ["fog", "0", "2"], ["together", "7", "2"]
    ]  # fmt: skip
    assert cells(dry_run.sizes(found)) == [["train", "8x4", "7"]]


def test_what_is_there_at_all_never_shows_as_nothing(found):
    assert cells(dry_run.classes(found))[1] == ["ignored", "&lt; 0.01", "0.00"]


def test_problems_are_shown_and_leave_nothing_to_time(found, parameters):
    assert "a/<wbr>&lt;b&gt;.png" in dry_run.problems(found)._repr_html_()
    assert "cannot be trained on" in repr(dry_run.cost(parameters, found))
    sound = DryRun(found.images, found.classes, found.sizes, found.problems.iloc[:0])
    assert "Nothing is wrong" in repr(dry_run.problems(sound))
    untimed = parameters.model_copy(update={"timed_steps": 0})
    assert "no steps to time" in repr(dry_run.cost(untimed, sound))


def test_the_estimate_follows_from_timed_steps_and_nothing_is_trained(
    parameters, monkeypatch, tmp_path
):
    monkeypatch.setattr(dry_run, "_timed", lambda task, work: 0.5)
    shown = dict(cells(dry_run.cost(parameters, dry_run.look(parameters))))
    assert shown["device"] == "cpu"
    assert shown["a step"] == "250 ms"
    assert shown["1,000 steps"] == "0:04:10"
    # four validations of five weathers, at half a second for the five
    assert shown["4 validations of 5 images"] == "0:00:02"
    assert shown["together"] == "0:04:12"
    assert not (tmp_path / "runs").exists()


def test_the_timing_is_of_real_steps(parameters):
    found = dry_run.look(parameters)
    shown = dict(cells(dry_run.cost(parameters, found)))
    assert 1 < float(shown["a step"].removesuffix(" ms")) < 60_000
