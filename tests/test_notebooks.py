"""The notebooks as they are committed, and the one that trains as papermill runs it."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from trainstudy.book.arms import LongerTraining, PlanArms
from trainstudy.book.dry_run import DryRun
from trainstudy.book.execute import declared_parameters
from trainstudy.book.overview import FrontPage
from trainstudy.book.scenes import StreetScenes
from trainstudy.book.speed import Speed
from trainstudy.book.study import ExtendedTraining
from trainstudy.book.task_plan import TaskPlan
from trainstudy.book.task_study import JointVsSequential
from trainstudy.book.training import StopAndResume
from trainstudy.generation.diffusion.parameters import GenerateImages
from trainstudy.generation.parameters import TrainCycleGAN, TrainTSIT
from trainstudy.multitask.parameters import TrainMultitask
from trainstudy.paths import project_root
from trainstudy.runs.record import RUN, read_metrics
from trainstudy.segmentation.parameters import TrainSegmentation

ROOT = project_root()
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = sorted((ROOT / "book").rglob("*.md"))
MODELS = {
    "introduction": FrontPage,
    "dry_run": DryRun,
    "street_scenes": StreetScenes,
    "train_segmentation": TrainSegmentation,
    "stop_and_resume": StopAndResume,
    "train_arms": PlanArms,
    "longer_training": LongerTraining,
    "train_multitask": TrainMultitask,
    "joint_vs_sequential": JointVsSequential,
    "live_comparison": JointVsSequential,
    "multitask_plan": TaskPlan,
    "speed": Speed,
    "train_cyclegan": TrainCycleGAN,
    "generate_images": GenerateImages,
    "train_tsit": TrainTSIT,
}
LOGIC = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.For, ast.While, ast.If, ast.With, ast.Try, ast.Match),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.IfExp),
)
# the normal quantile of 95 %, and the level of a test; everything measured comes from a file
CONSTANTS = {"1.96", "0.05"}

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path, kind: str) -> list[dict]:
    content = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in content["cells"] if cell["cell_type"] == kind]


def markdown(path: Path) -> str:
    if path.suffix == ".ipynb":
        return "\n\n".join("".join(cell["source"]) for cell in cells(path, "markdown"))
    return path.read_text(encoding="utf-8")


def prose(path: Path) -> str:
    """Markdown without code blocks, code spans and addresses of links."""
    blocks = r"^```.*?^```$|`[^`]*`|(?<=\])\([^)]*\)"
    return re.sub(blocks, "", markdown(path), flags=re.M | re.S)


def test_notebooks_and_pages_are_found():
    assert len(NOTEBOOKS) >= 11
    assert len(PAGES) >= 8


@each_notebook
def test_a_notebook_is_committed_without_outputs(path):
    code = cells(path, "code")
    assert [cell["outputs"] for cell in code] == [[]] * len(code)
    assert [cell["execution_count"] for cell in code] == [None] * len(code)


@each_notebook
def test_one_cell_declares_the_parameters_that_its_model_knows(path):
    tagged = [c for c in cells(path, "code") if "parameters" in c["metadata"].get("tags", [])]
    assert len(tagged) == 1
    model = MODELS.get(path.stem, ExtendedTraining)
    assert declared_parameters(path) == set(model.model_fields)
    namespace: dict = {}
    exec("".join(tagged[0]["source"]), namespace)  # literals only, as the line above has shown
    del namespace["__builtins__"]
    assert model.checked(**namespace)


@each_notebook
def test_code_cells_hold_calls_and_no_logic(path):
    for cell in cells(path, "code"):
        source = "".join(cell["source"])
        given = "parameters" in cell["metadata"].get("tags", [])  # as long as there are parameters
        assert given or len(source.splitlines()) <= 25, source
        tree = ast.parse(source)
        logic = [n for n in ast.walk(tree) if isinstance(n, LOGIC)]
        assert not logic, source


@pytest.mark.parametrize("path", [*NOTEBOOKS, *PAGES], ids=lambda path: path.stem)
def test_no_measured_number_is_typed_into_prose(path):
    found = set(re.findall(r"(?<![\w.])[+−-]?\d+\.\d+(?!\w|\.\d)", prose(path)))
    assert found <= CONSTANTS
    assert not re.findall(r"\d[\d.,]*\s*(?:mIoU|points|it/s|GB|seconds)\b", prose(path))


@pytest.mark.parametrize("path", [*NOTEBOOKS, *PAGES], ids=lambda path: path.stem)
def test_links_between_pages_lead_somewhere(path):
    raw = markdown(path)
    for role in re.findall(r"\{doc\}`(?:[^`<]*<)?([^`<>]+)>?`", raw):
        base = ROOT / role.lstrip("/") if role.startswith("/") else path.parent / role
        assert any(base.with_name(f"{base.name}{end}").is_file() for end in (".md", ".ipynb")), role
    for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", raw):
        assert (path.parent / link).exists(), link


# -- the names others rely on, through papermill's own command


def papermill(tmp_path: Path, **parameters: object) -> subprocess.CompletedProcess[str]:
    """Run the training notebook; its last words go to stderr."""
    given = json.dumps({"runs_root": str(tmp_path / "runs"), **parameters})
    command = [sys.executable, "-m", "papermill", "notebooks/train_segmentation.ipynb"]
    output = str(tmp_path / "out.ipynb")
    return subprocess.run(
        [*command, output, "--cwd", "notebooks", "--no-progress-bar", "-y", given],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("parameters", "messages"),
    [
        (
            {"strategi": "none", "until": "240", "model": "segformer"},
            [
                "unknown parameter 'strategi' (did you mean 'strategy'?); accepted: strategy, ",
                "parameter 'until': Input should be a valid integer (got '240')",
                "parameter 'model': unknown model 'segformer'; accepted: ",
            ],
        ),
        (
            {"strategy": "std_randaug", "dataset": "camvid", "data_root": "/nowhere"},
            [
                "parameter 'strategy': unknown strategy 'std_randaug'; accepted: gen_",
                "parameter 'data_root': ",
                "/nowhere",
            ],
        ),
    ],
    ids=["name and type", "strategy and data"],
)
def test_wrong_parameters_are_named_before_any_work(tmp_path, parameters, messages):
    done = papermill(tmp_path, **parameters)
    assert done.returncode != 0
    assert "PapermillExecutionError" in done.stderr
    for message in messages:
        assert message in done.stderr
    assert not (tmp_path / "runs").exists()


def test_a_training_leaves_a_record_and_is_resumed(tmp_path):
    asked = {"dataset": "streets-new_town", "batch_size": 2, "crop": [32, 32], "interval": 2}
    for until in (4, 8):
        done = papermill(tmp_path, **asked, until=until, resume=True, device="cpu")
        assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "runs").iterdir()
    record = json.loads((folder / RUN).read_text())
    assert record["spec"]["dataset"] == "streets-new_town"
    assert record["iteration"] == 8
    assert [start["from"] for start in record["starts"]] == [0, 4]
    train, val = read_metrics(folder, "train"), read_metrics(folder, "val")
    assert [row["iteration"] for row in train] == list(range(1, 9))
    assert all(row["loss"] > 0 and row["lr"] > 0 for row in train)
    assert [row["iteration"] for row in val] == [2, 4, 6, 8]
    assert all(0 <= row["mIoU"] <= 100 for row in val)
    assert [row["real"] for row in read_metrics(folder, "exposure")] == [4] * 4
