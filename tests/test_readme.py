"""The README's commands exist and its figure is what the code draws."""

import importlib.util
import re

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


def test_its_papermill_command_names_parameters_that_exist():
    from trainstudy.segmentation.parameters import TrainSegmentation

    assert set(re.findall(r"-p (\w+)", README)) <= set(TrainSegmentation.model_fields)
