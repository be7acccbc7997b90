"""The README's commands exist and its figure is what the code draws."""

import importlib.util
import json
import re

import pytest

from trainstudy.paths import project_root

ROOT = project_root()
README = (ROOT / "README.md").read_text()


def test_the_figure_is_current():
    path = ROOT / "tools" / "readme_figure.py"
    spec = importlib.util.spec_from_file_location("readme_figure", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.FILE.read_text() == module.draw(), "make figure"


def test_every_target_and_path_that_it_names_exists():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert set(re.findall(r"\bmake (\w+)", README)) <= targets
    paths = re.findall(r"`((?:src|book|reports|notebooks)/[^`*]*)`|\]\((?!http)([^)]+)\)", README)
    assert paths
    for inline, link in paths:
        assert (ROOT / (inline or link)).exists(), inline or link


def test_its_papermill_command_gives_parameters_that_are_accepted():
    from trainstudy.book.task_study import JointVsSequential
    from trainstudy.segmentation.parameters import TrainSegmentation

    command = re.search(r"^papermill notebooks/train_segmentation.ipynb(?:.*\\\n)*.*", README, re.M)
    values = {name: as_papermill_reads(value) for name, value in given(command[0])}
    assert TrainSegmentation.checked(**values).resume is True
    known = {*TrainSegmentation.model_fields, *JointVsSequential.model_fields}
    assert set(re.findall(r"-p (\w+)", README)) <= known


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("train_segmentation", "segmentation.parameters.TrainSegmentation"),
        ("train_arms", "book.arms.PlanArms"),
        ("train_multitask", "multitask.parameters.TrainMultitask"),
    ],
)
def test_the_command_of_a_notebook_gives_parameters_that_are_accepted(
    name, parameters, monkeypatch, tmp_path
):
    (tmp_path / "camvid").mkdir()
    (tmp_path / "camvid" / "manifest.csv").touch()  # parameters ask for no more
    monkeypatch.setenv("TRAINSTUDY_DATA_ROOT", str(tmp_path))
    module, _, kind = f"trainstudy.{parameters}".rpartition(".")
    text = "".join(
        "".join(cell["source"])
        for cell in json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text())["cells"]
    )
    command = re.search(rf"papermill notebooks/{name}.ipynb(?:.*\\\n)*.*", text)
    values = {name: as_papermill_reads(value) for name, value in given(command[0])}
    assert values
    getattr(importlib.import_module(module), kind).checked(**values)


def given(command):
    """The names and values of its -p options."""
    return re.findall(r"-p (\w+) (\S+)", command)


def as_papermill_reads(value):
    """The value of -p: True, False, None and numbers, all else is text."""
    from papermill.cli import _resolve_type

    return _resolve_type(value)
