import json
import subprocess
import sys

import pytest

from trainstudy.multitask.evaluate import evaluate_checkpoint, evaluate_run, load_network, main
from trainstudy.multitask.run import train_multitask
from trainstudy.runs.record import RUN, TESTS, read_metrics
from trainstudy.runs.selection import chosen
from trainstudy.training import checkpoint


@pytest.fixture
def folder(given):
    return train_multitask(given(order="single:cls"), quiet=True)[0]


@pytest.fixture
def end(folder):
    return checkpoint.paths(folder / "checkpoints")[-1]


def test_a_checkpoint_scores_what_its_training_found(folder, end):
    (*_, last) = read_metrics(folder, "val")
    found = evaluate_checkpoint(end, "val", device="cpu")
    assert {name: last[name] for name in ("mIoU", "mAP50", "mAP", "top1")}.items() <= found.items()


def test_the_command_prints_the_four_scores_as_json(end, capsys):
    main([str(end), "--split", "test", "--device", "cpu"])
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"checkpoint", "iteration", "split", "mIoU", "mAP50", "mAP", "top1"}
    assert (told["split"], told["iteration"]) == ("test", 4)
    found = evaluate_checkpoint(end, "test", device="cpu")
    assert told["top1"] == found["top1"]


def test_the_module_runs_and_tells_what_is_wrong(tmp_path):
    command = [sys.executable, "-m", "trainstudy.multitask.evaluate", str(tmp_path / "iter_3")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "is no checkpoint of a run" in done.stderr


def test_the_end_and_what_was_chosen_are_tested_once(folder, few):
    tests = {task: splits.test() for task, splits in few.items()}
    for _ in range(2):
        evaluate_run(folder, tests, device="cpu")
    lines = [json.loads(line) for line in (folder / TESTS).read_text().splitlines()]
    validations = read_metrics(folder, "val")
    expected = {4, *chosen(validations, ("mIoU", "mAP50", "top1"))}
    assert [line["iteration"] for line in lines] == sorted(expected)
    assert {line["split"] for line in lines} == {"test"}
    (folder / TESTS).write_text('{"torn')
    evaluate_run(folder, tests, device="cpu")
    assert [json.loads(line) for line in (folder / TESTS).read_text().splitlines()] == lines


def test_sets_of_other_classes_are_refused(folder, end):
    record = json.loads((folder / RUN).read_text())
    record["data"]["val cls"]["classes"].reverse()
    (folder / RUN).write_text(json.dumps(record))
    with pytest.raises(ValueError, match=r"its classes are .* but the checkpoint was trained on"):
        evaluate_checkpoint(end, "val", device="cpu")


@pytest.mark.parametrize("content", ["{}", '{"data": {}, "inputs": {}}', '{"data": null}'])
def test_a_record_of_something_else_is_named(folder, end, content):
    (folder / RUN).write_text(content)
    with pytest.raises(ValueError, match=r"run\.json: of no multi-task training"):
        load_network(end)


@pytest.mark.parametrize("name", ["backbone", "size", "precision"])
def test_a_record_without_what_scoring_needs_is_named(folder, end, name, capsys):
    record = json.loads((folder / RUN).read_text())
    del record["inputs"][name]
    (folder / RUN).write_text(json.dumps(record))
    with pytest.raises(SystemExit):
        main([str(end)])
    assert f"run.json: of no multi-task training, it lacks '{name}'" in capsys.readouterr().err


def test_a_network_of_another_kind_is_named(folder, end):
    record = json.loads((folder / RUN).read_text())
    record["inputs"]["backbone"] = "efficientnet_lite0"
    (folder / RUN).write_text(json.dumps(record))
    with pytest.raises(ValueError, match="iter_4: not of the network of its record"):
        load_network(end)


def test_a_device_that_is_none_is_told(end, capsys):
    with pytest.raises(SystemExit):
        main([str(end), "--device", "foo"])
    assert "parameter 'device': unknown 'foo'" in capsys.readouterr().err


def test_damage_is_told(end):
    (end / "model.safetensors").write_bytes(b"")
    with pytest.raises(checkpoint.DamagedCheckpointError, match="SHA-256"):
        load_network(end)
