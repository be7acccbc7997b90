import json
import shutil

import pytest
import torch

from trainstudy.runs.record import METRICS, read_metrics
from trainstudy.segmentation import models
from trainstudy.segmentation.origin import Origin
from trainstudy.segmentation.run import prepare
from trainstudy.training import checkpoint
from trainstudy.training.checkpoint import DamagedCheckpointError


def record(folder):
    return json.loads((folder / "run.json").read_text())


@pytest.fixture
def trunk(go, narrow):
    """A run of six iterations with dropout and augmentation, and its checkpoint after two."""
    folder = go(strategy="std_randaugment", budgets=[2])
    return folder, folder / "checkpoints" / "iter_2"


@pytest.mark.parametrize("stops", [[6], [4, 6]])
def test_a_branch_under_the_trunks_schedule_is_the_trunk_going_on(go, trunk, stops):
    folder, path = trunk
    for until in stops:
        branch = go(strategy="std_randaugment", branch_from=str(path), until=until)
    assert branch != folder
    lines = (folder / METRICS).read_bytes().splitlines()
    assert (branch / METRICS).read_bytes().splitlines() == [
        line for line in lines if json.loads(line)["iteration"] > 2
    ]
    assert record(branch)["checkpoint"] == record(folder)["checkpoint"]
    assert record(branch)["starts"][0]["from"] == 2


def test_a_branch_under_another_schedule_starts_where_the_trunk_was(go, trunk):
    _, path = trunk
    branch = go(branch_from=str(path), strategy="std_randaugment",
                schedule="cooldown:start=2,end=6,floor=0.0")  # fmt: skip
    trained, branched = (read_metrics(f, "train") for f in (trunk[0], branch))
    assert branched[0] == trained[2]  # the last update at the trunk's rate
    assert [row["lr"] for row in branched[1:]] == sorted({r["lr"] for r in branched[1:]})[::-1]
    assert branched[-1]["lr"] == 0


def test_the_record_and_the_identity_hold_the_origin(go, given, trunk, tmp_path):
    _, path = trunk
    branch = record(go(strategy="std_randaugment", branch_from=str(path), until=4))
    sums = checkpoint.load(path).sums
    assert branch["origin"] == {"path": str(path), "iteration": 2, "sha256": sums}
    assert branch["inputs"]["origin"] == {"iteration": 2, "sha256": sums}
    moved = path.rename(tmp_path / "moved")  # content counts, not its place
    again = prepare(given(strategy="std_randaugment", branch_from=str(moved)))
    assert again.inputs == branch["inputs"]
    assert prepare(given(strategy="std_randaugment")).inputs["origin"] is None


def test_a_branch_goes_on_when_its_parent_has_pruned_where_it_started(go, trunk):
    _, path = trunk
    given = {"strategy": "std_randaugment", "branch_from": str(path)}
    branch = go(**given, until=4)
    shutil.rmtree(path)
    assert go(**given, until=6) == branch
    assert record(branch)["starts"][1]["from"] == 4
    for own in (branch / "checkpoints").iterdir():
        (own / "model.safetensors").unlink()
    with (
        pytest.warns(UserWarning, match="damaged checkpoint passed over"),
        pytest.raises(DamagedCheckpointError, match="iter_2"),
    ):
        go(**given, until=8)


def test_an_origin_that_was_damaged_is_refused_by_the_name_of_its_file(go, trunk):
    _, path = trunk
    weights = path / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(DamagedCheckpointError, match=r"iter_2/model.safetensors: .*SHA-256"):
        go(branch_from=str(path))


def test_an_origin_of_another_model_is_refused_by_its_name(go, trunk, monkeypatch):
    _, path = trunk
    other = models.configure("segformer_b0", 3)
    other.model["decode_head"]["channels"] = 8
    monkeypatch.setattr(models, "configure", lambda *_: other)
    with pytest.raises(ValueError, match=r"iter_2: weights of another model: \d+ of another shape"):
        go(branch_from=str(path))


@pytest.mark.parametrize("content", ["", '{"iteration": 2', "{}", '{"iteration": 2, "sha256": 3}'])
def test_an_index_that_was_damaged_is_named_before_any_work(tmp_path, content):
    (tmp_path / checkpoint.INDEX).write_text(content)
    with pytest.raises(ValueError, match=rf"'branch_from': .*{checkpoint.INDEX} is damaged: "):
        Origin.find(str(tmp_path))


def test_what_is_no_checkpoint_is_refused_before_any_work(go, trunk, tmp_path):
    folder, path = trunk
    (tmp_path / "notes.txt").touch()
    for wrong in (folder, path / "model.safetensors", tmp_path / "iter_9.pth", tmp_path):
        with pytest.raises(ValueError, match=rf"parameter 'branch_from': '{wrong}' is neither"):
            go(branch_from=str(wrong), runs_root=str(tmp_path / "none"))
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("config", ["segformer_b0"], indirect=True)
def test_a_run_goes_on_from_mmengines_file(
    go, config, task, train_with_mmengine, tmp_path, monkeypatch
):
    batches = [task.batch(iteration) for iteration in range(1, 6)]
    theirs, _ = train_with_mmengine(config, batches, tmp_path / "it", end=40, interval=3)
    path = tmp_path / "it" / "iter_3.pth"
    monkeypatch.setattr(models, "configure", lambda *_: config)
    folder = go(branch_from=str(path), schedule="poly:end=40,floor=1e-5", crop=[32, 32], until=5)
    rows = read_metrics(folder, "train")
    assert [row["iteration"] for row in rows] == [4, 5]
    torch.testing.assert_close([row["loss"] for row in rows], theirs[3:], rtol=1e-6, atol=0)
    origin = record(folder)["origin"]
    assert origin["sha256"] == {"iter_3.pth": checkpoint.sha256(path)}
    assert (origin["path"], origin["iteration"]) == (str(path), 3)
    (scheduler,) = origin["schedulers"]
    assert (origin["learning_rate"], scheduler["end"]) == (1e-3, 40)
