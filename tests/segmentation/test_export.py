import json
import re
import runpy
import sys
import warnings
from dataclasses import replace
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config
from PIL import Image

from trainstudy import data
from trainstudy.data.classes import CITYSCAPES, CLASSES, PALETTE
from trainstudy.data.segmentation_set import SegmentationData
from trainstudy.runs.record import read_metrics
from trainstudy.segmentation.export import export, main
from trainstudy.segmentation.mmengine_checkpoint import import_checkpoint
from trainstudy.segmentation.models import build, configure
from trainstudy.segmentation.parameters import TrainSegmentation
from trainstudy.segmentation.run import train_segmentation
from trainstudy.training import checkpoint

CONFIG = configure("segformer_b0", classes=11)
PAGE = Path(__file__).parents[2] / "book" / "method" / "import_export.md"


@pytest.fixture
def run(write_run):
    """A run's folder with checkpoints at 8 and 16."""
    for iteration in (8, 16):
        folder = write_run(CONFIG, build(CONFIG, seed=iteration), CLASSES, iteration)
    return folder


TEST = """
test_dataloader = dict(
    batch_size=1, num_workers=0, sampler=dict(type="DefaultSampler", shuffle=False),
    dataset=dict(
        type="BaseSegDataset", data_root="ROOT", metainfo=dict(classes=CLASSES),
        img_suffix=".png", seg_map_suffix=".png",
        data_prefix=dict(img_path="images", seg_map_path="labels"),
        pipeline=test_pipeline))
test_cfg = dict(type="TestLoop")
test_evaluator = dict(type="IoUMetric", iou_metrics=["mIoU"])
log_level = "ERROR"
"""


def test_mmsegmentations_own_test_script_finds_the_recorded_miou(tiny_set, tmp_path, monkeypatch):
    train, val = (replace(tiny_set(8, seed=seed), classes=CLASSES) for seed in (0, 9))
    monkeypatch.setattr(data, "load", lambda *_: SegmentationData(train, val, (32, 48)))
    given = TrainSegmentation.checked(
        until=16, interval=16, device="cpu", learning_rate=1e-3, runs_root=str(tmp_path / "runs")
    )
    run = train_segmentation(given, quiet=True)
    path = export(run, tmp_path / "out.pth")
    for kind in ("images", "labels"):
        (tmp_path / kind).mkdir()
        for name, pixels in zip(val.names, getattr(val, kind), strict=True):
            Image.fromarray(pixels).save(tmp_path / kind / f"{name}.png")
    config = tmp_path / "config.py"
    own = torch.load(path, weights_only=True)["meta"]["cfg"]
    config.write_text(own + TEST.replace("ROOT", str(tmp_path)).replace("CLASSES", repr(CLASSES)))
    script = distribution("onedl-mmsegmentation").locate_file("mmseg/.mim/tools/test.py")
    results = tmp_path / "results"
    arguments = [str(script), str(config), str(path), "--work-dir", str(results)]
    monkeypatch.setattr(sys, "argv", arguments)
    monkeypatch.setenv("LOCAL_RANK", "0")  # which the script would set for good
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        runpy.run_path(str(script), run_name="__main__")
    (written,) = results.glob("*/*.json")
    recorded = read_metrics(run, "val")[-1]
    assert recorded["mIoU"] > 10  # more than one class is told
    for name in ("mIoU", "mAcc", "aAcc"):
        found = json.loads(written.read_text())[name]
        assert found == pytest.approx(recorded[name], abs=0.005)  # it rounds to two digits


def test_the_file_says_what_it_is_and_reads_without_pickle(run, tmp_path):
    path = export(run / "checkpoints" / "iter_8", tmp_path / "out.pth")
    meta = torch.load(path, weights_only=True)["meta"]
    assert meta["iter"] == 8
    assert meta["experiment_name"] == run.name
    assert meta["dataset_meta"] == {"classes": CLASSES, "palette": PALETTE.tolist()}
    model = Config.fromstring(meta["cfg"], ".py").model.to_dict()
    module = build(replace(CONFIG, model=model), seed=0)
    found = import_checkpoint(path, CONFIG, module, weights_only=True)
    weights = checkpoint.load(run / "checkpoints" / "iter_8").tensors["model"]
    torch.testing.assert_close(found.tensors["model"], weights, rtol=0, atol=0)


@pytest.mark.filterwarnings("ignore::UserWarning:mmseg")
def test_the_snippet_of_the_page_predicts(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    export(run, Path("out.pth"))
    Image.new("RGB", (48, 32)).save("street.png")
    names: dict = {}
    exec(re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)[1], names)
    assert names["result"].pred_sem_seg.data.shape == (1, 32, 48)
    assert names["model"].dataset_meta["classes"] == CLASSES


def test_of_a_run_the_latest_sound_checkpoint_is_taken(run, tmp_path):
    assert torch.load(export(run, tmp_path / "1.pth"), weights_only=True)["meta"]["iter"] == 16
    (run / "checkpoints" / "iter_16" / "model.safetensors").write_bytes(b"damaged")
    with pytest.warns(UserWarning, match="damaged checkpoint passed over"):
        path = export(run, tmp_path / "2.pth")
    assert torch.load(path, weights_only=True)["meta"]["iter"] == 8


@pytest.mark.parametrize("classes", [CITYSCAPES, ("dark", "middle", "light")])
def test_every_class_has_a_colour(write_run, tmp_path, classes):
    config = configure("segformer_b0", len(classes))
    path = export(write_run(config, build(config, 0), classes), tmp_path / "out.pth")
    meta = torch.load(path, weights_only=True)["meta"]
    palette = np.array(meta["dataset_meta"]["palette"])
    assert palette.shape == (len(classes), 3)
    assert ((palette >= 0) & (palette < 256)).all()
    assert len(np.unique(palette, axis=0)) == len(classes)
    assert classes != CITYSCAPES or palette[0].tolist() == [128, 64, 128]  # road


def test_class_names_that_are_not_the_models_are_refused(write_run, tmp_path):
    run = write_run(CONFIG, build(CONFIG, seed=0), CITYSCAPES)
    with pytest.raises(ValueError, match=r"run.json: names 19 classes, its model tells \{11\}"):
        export(run, tmp_path / "out.pth")


def test_the_command_prints_the_file_and_names_faults(run, tmp_path, capsys):
    target = tmp_path / "out.pth"
    main([str(run), str(target)])
    assert capsys.readouterr().out == f"{target}\n"
    for arguments, message in [
        ([run, target], "out.pth exists already"),
        (
            [tmp_path, tmp_path / "new.pth"],
            "neither a run's folder nor one of its checkpoints/iter_N",
        ),
        ([run / "checkpoints" / "iter_9", tmp_path / "new.pth"], "iter_9: FileNotFoundError"),
    ]:
        with pytest.raises(SystemExit):
            main([str(argument) for argument in arguments])
        assert message in capsys.readouterr().err
    assert not (tmp_path / "new.pth").exists()


def test_what_cannot_be_written_is_named_and_nothing_is_left(run, tmp_path, capsys, monkeypatch):
    with pytest.raises(SystemExit):
        main([str(run), str(tmp_path / "missing" / "out.pth")])
    assert f"there is no folder {tmp_path / 'missing'}" in capsys.readouterr().err

    def full(content, path):
        path.write_bytes(b"half")
        raise RuntimeError("file write failed")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(OSError, match=r"out.pth.draft: file write failed"):
        export(run, tmp_path / "out.pth")
    assert not list(tmp_path.glob("*out.pth*"))
