import json

import numpy as np
import pytest
import torch
import yaml
from PIL import Image

from trainstudy.parameters import ParameterError
from trainstudy.runs.record import read_metrics
from trainstudy.segmentation import run, worker
from trainstudy.segmentation.parameters import TrainSegmentation
from trainstudy.segmentation.run import train_segmentation
from trainstudy.training import distributed

TOLERANCE = 1e-5  # relative: the sums of a batch are taken in two parts


@pytest.fixture
def tiny_folder(tmp_path, tiny_set, monkeypatch):
    """The description of a data set on disk: other processes read it too."""
    monkeypatch.setenv("TRAINSTUDY_CACHE", str(tmp_path / "cache"))
    for split, count, seed in (("train", 8, 0), ("val", 4, 9)):
        part = tiny_set(count, seed=seed)
        for name, image, label in zip(part.names, part.images, part.labels, strict=True):
            for kind, pixels in (("images", image), ("labels", label)):
                path = tmp_path / "tiny" / split / kind / f"{name}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                Image.fromarray(np.ascontiguousarray(pixels)).save(path)
    description = tmp_path / "tiny.yaml"
    content = {
        "name": "tiny", "root": "tiny", "size": [32, 48], "crop": [32, 48],
        "images": "{split}/images/{name}.png", "labels": "{split}/labels/{name}.png",
        "classes": list(part.classes), "ids": {name: i for i, name in enumerate(part.classes)},
    }  # fmt: skip
    description.write_text(yaml.safe_dump(content))
    return {"dataset": str(description), "data_root": str(tmp_path)}


def test_two_processes_and_then_one_give_what_one_gives(tiny_folder, tmp_path, monkeypatch):
    def go(root, until, gpus):
        parameters = TrainSegmentation.checked(
            **tiny_folder, strategy="std_cutmix", model="pspnet_r18", until=until, interval=3,
            device="cpu", batch_size=4, learning_rate=0.01, runs_root=str(tmp_path / root),
            gpus=gpus,
        )  # fmt: skip
        return train_segmentation(parameters, quiet=True)

    alone = go("alone", until=6, gpus=1)
    together = go("together", until=3, gpus=2)
    with monkeypatch.context() as patched:
        patched.setattr(worker, "launch", None)  # what is done starts no processes
        assert go("together", until=3, gpus=2) == together
    assert go("together", until=6, gpus=1) == together
    assert together.name == alone.name, "where it runs is not what it is"
    one, other = (
        [row["loss"] for row in read_metrics(folder, "train")] for folder in (alone, together)
    )
    assert other == pytest.approx(one, rel=TOLERANCE)
    assert read_metrics(together, "exposure") == read_metrics(alone, "exposure")
    record = json.loads((together / "run.json").read_text())
    starts = [(start["gpus"], start["from"], start["to"]) for start in record["starts"]]
    assert starts == [(2, 0, 3), (1, 3, 6)]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"batch_size": 5, "gpus": 2}, r"'gpus': must divide batch_size, 5 \(got 2\)"),
        ({"device": "cuda:1", "gpus": 2}, r"'gpus': must be 1 for the single device 'cuda:1'"),
    ],
)
def test_a_wrong_number_of_gpus_is_named(values, message):
    with pytest.raises(ParameterError, match=message):
        TrainSegmentation.checked(**values)


def test_more_gpus_than_there_are_is_said_before_any_work(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(ValueError, match="'gpus': 2 asked for, but torch sees 1"):
        run.prepare(TrainSegmentation.checked(device="cuda", gpus=2))


def test_a_loss_that_is_no_mean_over_images_is_refused(task, monkeypatch):
    task.module.decode_head.loss_decode.avg_non_ignore = True
    monkeypatch.setattr(distributed, "size", lambda: 2)
    with pytest.raises(ValueError, match="'gpus': this model's loss may not be a mean"):
        type(task)(
            task.module, task.optimizer, task.val, task.val, task.strategy, None, seed=0,
            batch_size=2, crop=(32, 32),
        )  # fmt: skip
