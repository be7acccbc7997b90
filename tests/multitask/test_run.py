import pytest
import torch

from trainstudy.files import read_json
from trainstudy.multitask.remedies.null_space import without
from trainstudy.multitask.run import Ended, StageRun, load_splits, train_multitask, weights_of
from trainstudy.runs.record import METRICS, RUN, read_metrics
from trainstudy.training import checkpoint

EVERYTHING = "ewc:images=2,lwf,distill,replay:images=3,own_rows,null_space"


def last(folder):
    return checkpoint.paths(folder / "checkpoints")[-1]


def test_a_sequence_is_a_run_a_stage_each_from_the_weights_before(given):
    folders = train_multitask(given(order="cls,seg"), quiet=True)
    records = [read_json(folder / RUN) for folder in folders]
    assert [record["spec"]["stage"] for record in records] == ["cls", "cls>seg"]
    assert records[1]["starts_from"] == [folders[0].name]
    (origin,) = records[1]["inputs"]["earlier"]
    assert origin["sha256"] == records[0]["checkpoint"]["sha256"]
    for folder in folders:
        rows = read_metrics(folder, "val")
        assert [row["iteration"] for row in rows] == [2, 4]
        assert all(0 <= row[name] <= 100 for row in rows for name in ("mIoU", "mAP50", "top1"))


@pytest.mark.parametrize("stop", [1, 3])
def test_stopped_within_a_stage_it_goes_on_to_the_same_weights(given, tmp_path, stop):
    def trained(root):
        parameters = given(
            order="cls,det",
            remedies=EVERYTHING,
            looks=[stop],
            runs_root=str(tmp_path / root),
        )
        return parameters, train_multitask(parameters, quiet=True)

    _, whole = trained("whole")
    parameters, parts = trained("parts")
    # as if it had been killed in its second stage, after the look
    for path in checkpoint.paths(parts[1] / "checkpoints"):
        if checkpoint.iteration_of(path) > stop:
            (path / "model.safetensors").write_bytes(b"torn")
    record = read_json(parts[1] / RUN)
    with pytest.warns(UserWarning, match="passed over"):
        train_multitask(parameters, quiet=True)
    assert (parts[1] / METRICS).read_bytes() == (whole[1] / METRICS).read_bytes()
    assert read_json(parts[1] / RUN)["checkpoint"] == record["checkpoint"]


def test_a_checkpoint_is_clear_of_what_null_space_keeps(given):
    parameters = given(order="cls,det", remedies="null_space", learning_rate=0.01)
    folders = train_multitask(parameters, quiet=True)
    first, second = parameters.stages
    ended = Ended(first, folders[0], iteration=4)
    task = StageRun(parameters, second, load_splits("synthetic", 32), (ended,)).build("cpu")
    before, after = (weights_of(last(folder)) for folder in folders)
    moved = 0.0
    for name, kept in task._remedies[0]._kept.items():
        change = after[f"{name}.weight"] - before[f"{name}.weight"]
        torch.testing.assert_close(without(change, kept), change, atol=1e-6, rtol=1e-4)
        moved = max(moved, float(change.abs().max()))
    assert moved > 1e-3


def test_a_stage_without_an_iteration_is_refused_before_the_first_one(given, tmp_path):
    parameters = given(order="cls,det", epochs={"cls": 1, "det": 0.01}, runs_root=str(tmp_path))
    with pytest.raises(
        ValueError, match=r"parameter 'epochs': stage 'cls>det' would have no iteration"
    ):
        train_multitask(parameters, quiet=True)
    assert not list(tmp_path.iterdir())


def test_a_schedule_that_a_stage_has_no_room_for_is_refused_before_the_first_one(given, tmp_path):
    parameters = given(
        order="cls,det", epochs={"cls": 3, "det": 2}, schedule="cooldown:start=3",
        runs_root=str(tmp_path),
    )  # fmt: skip
    with pytest.raises(ValueError, match=r"'schedule': stage 'cls>det' has 4 iterations: .*start"):
        train_multitask(parameters, quiet=True)
    assert not list(tmp_path.iterdir())


def test_remedies_are_no_input_of_a_stage_without_a_past(given):
    plain = train_multitask(given(order="cls,seg"), quiet=True)
    cured = train_multitask(given(order="cls,seg", remedies="lwf"), quiet=True)
    assert plain[0] == cured[0]
    assert plain[1] != cured[1]
    assert len(read_json(plain[0] / RUN)["starts"]) == 1, "it was trained once"


def test_stages_that_differ_in_nothing_are_one_run_however_remedies_are_told(given):
    every = train_multitask(given(order="cls,seg", remedies="lwf"), quiet=True)
    told = train_multitask(given(order="cls,seg", remedies={"seg": "lwf"}), quiet=True)
    assert every == told


def test_the_weighting_is_an_input_where_there_is_something_to_weigh(given):
    splits = load_splits("synthetic", 32)

    def inputs(place=0, **more):
        chosen = given(**more)
        ended = ()
        return StageRun(chosen, chosen.stages[place], splits, ended).effective()["weighting"]

    assert inputs(order="single:seg", weighting="famo") is None
    assert inputs(order="joint", weighting="famo") == "famo"
    later = {"place": 1, "order": "cls,seg", "weighting": "famo"}
    assert inputs(**later) is None
    assert inputs(**later, remedies="replay:images=3") == "famo"


def test_when_it_is_validated_is_an_input_where_weights_follow_from_it(given):
    splits = load_splits("synthetic", 32)
    found = []
    for weighting in ("equal", "validation"):
        each = [given(order="joint", weighting=weighting, interval=size) for size in (0.5, 1.0)]
        runs = [StageRun(chosen, chosen.stages[0], splits).inputs for chosen in each]
        found.append(runs[0] == runs[1])
    assert found == [True, False]


def test_replayed_images_are_trained_and_counted(given):
    folders = train_multitask(given(order="cls,seg", remedies="replay:images=3"), quiet=True)
    (plain, replayed) = (read_metrics(folder, "exposure")[0] for folder in folders)
    assert (plain["real"], plain["distinct"]) == (8, 8)
    assert (replayed["real"], replayed["distinct"]) == (16, 8 + 3)
    assert {"loss_cls", "loss_seg"} <= set(read_metrics(folders[1], "train")[0])


def test_frozen_parts_are_those_of_the_stage_before(given):
    folders = train_multitask(given(order="cls,seg", remedies="frozen"), quiet=True)
    before, after = (weights_of(last(folder)) for folder in folders)
    same = {name for name in before if torch.equal(before[name], after[name])}
    assert all(name in same for name in before if name.startswith("backbone."))
    assert "head.output.weight" not in same


def test_seeds_of_a_later_stage_are_replicates(given):
    stages = [train_multitask(given(order="cls,seg", seed=seed), quiet=True)[1] for seed in (0, 1)]
    one, other = (read_json(folder / RUN) for folder in stages)
    assert one["identity"] != other["identity"]
    assert one["replicate_of"] == other["replicate_of"]
