import copy
import warnings
from dataclasses import replace
from typing import ClassVar

import pytest
import torch

from trainstudy import data
from trainstudy.data.segmentation_set import SegmentationData
from trainstudy.files import write_json
from trainstudy.runs.record import CHECKPOINTS, RUN
from trainstudy.segmentation import models
from trainstudy.segmentation.models import build, build_optimizer, configure, load_openmm
from trainstudy.segmentation.parameters import TrainSegmentation
from trainstudy.segmentation.run import train_segmentation
from trainstudy.segmentation.task import SegmentationTask
from trainstudy.strategies import Strategy
from trainstudy.training import checkpoint

load_openmm()  # once, here: its imports warn of things no test is about
torch.set_num_threads(1)  # small steps are slower and erratic on several


DROPOUT = {"drop_rate", "attn_drop_rate", "drop_path_rate", "dropout_ratio"}


@pytest.fixture(params=["segformer_b0", "pspnet_r18"])
def config(request):
    """A model without dropout, whose masks the two do not share."""
    config = copy.deepcopy(configure(request.param, classes=3))
    for part in ("backbone", "decode_head", "auxiliary_head"):
        settings = config.model.get(part, {})
        settings |= dict.fromkeys(settings.keys() & DROPOUT, 0.0)
    return config


@pytest.fixture
def task(config, tiny_set):
    module = build(config, 0)
    return SegmentationTask(
        module, build_optimizer(config, module, 1e-3), tiny_set(8), tiny_set(6, seed=2),
        Strategy(), None, seed=0, batch_size=2, crop=(32, 32),
    )  # fmt: skip


@pytest.fixture
def given(tmp_path, tiny_set, monkeypatch):
    """Parameters of a short training on a tiny set that stands for every other."""
    sets = SegmentationData(tiny_set(8), tiny_set(4, seed=9), crop=(32, 48))
    monkeypatch.setattr(data, "load", lambda *_: sets)
    defaults = {
        "until": 6, "interval": 2, "device": "cpu", "batch_size": 2, "learning_rate": 1e-3,
        "runs_root": str(tmp_path / "runs"),
    }  # fmt: skip
    return lambda **values: TrainSegmentation.checked(**defaults | values)


@pytest.fixture
def go(given):
    """Train with these parameters; the run's folder."""
    return lambda **values: train_segmentation(given(**values), quiet=True)


@pytest.fixture(scope="session")
def narrow_config():
    """A SegFormer of a few channels: the same code in a third of the time."""
    config = copy.deepcopy(configure("segformer_b0", classes=3))
    config.model["backbone"] |= {"embed_dims": 8, "num_layers": [1, 1, 1, 1]}
    config.model["decode_head"] |= {"in_channels": [8, 16, 40, 64], "channels": 16}
    return config


@pytest.fixture
def narrow(narrow_config, monkeypatch):
    """Have trainings use the narrow model."""
    monkeypatch.setattr(models, "configure", lambda *_: copy.deepcopy(narrow_config))


class Samples(list):
    """Every image of some batches in the form of mmsegmentation's training data (BGR)."""

    metainfo: ClassVar = {"classes": ("dark", "middle", "light")}

    def __init__(self, batches):
        from mmengine.structures import PixelData
        from mmseg.structures import SegDataSample

        super().__init__(
            {
                "inputs": image.flip(0),
                "data_samples": SegDataSample(gt_sem_seg=PixelData(data=label[None].long())),
            }
            for batch in batches
            for image, label in zip(batch.images, batch.labels, strict=True)
        )


@pytest.fixture(scope="session")
def train_with_mmengine():
    """Train a model with mmengine's own Runner on batches of ours, in their order.

    The fixture is a function; it returns the losses, and the Runner as it is at the end.
    """
    from mmengine.hooks import Hook
    from mmengine.runner import Runner

    class Losses(Hook):
        def __init__(self):
            self.values = []

        def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
            self.values.append(outputs["loss"].item())

    def train(config, batches, folder, *, end, interval, rate=1e-3, by_epoch=False, wrapper=None):
        batch_size, _, *crop = batches[0].images.shape
        model = copy.deepcopy(config.model)
        model["data_preprocessor"]["size"] = tuple(crop)
        wrapper = config.optimizer | {"type": "OptimWrapper"} | (wrapper or {})
        wrapper["optimizer"] = wrapper["optimizer"] | {"lr": rate}
        losses = Losses()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # mmengine's own
            runner = Runner(
                model=build(replace(config, model=model), seed=0),
                work_dir=str(folder),
                train_dataloader={
                    "dataset": Samples(batches),
                    "batch_size": batch_size,
                    "sampler": {
                        "type": "DefaultSampler" if by_epoch else "InfiniteSampler",
                        "shuffle": False,
                    },
                    "collate_fn": {"type": "pseudo_collate"},
                    "num_workers": 0,
                },
                train_cfg={"by_epoch": by_epoch}
                | ({"max_epochs": 1} if by_epoch else {"max_iters": len(batches)}),
                optim_wrapper=wrapper,
                param_scheduler={
                    "type": "PolyLR", "eta_min": 1e-5, "power": 0.9, "end": end, "by_epoch": False,
                },
                default_hooks={
                    "checkpoint": {
                        "type": "CheckpointHook", "interval": interval, "by_epoch": by_epoch,
                    },
                },
                custom_hooks=[losses],
                log_level="ERROR",
                default_scope="mmseg",  # else mmengine makes its own the default for good
                experiment_name=folder.name,
            )  # fmt: skip
            runner.train()
        return losses.values, runner

    return train


@pytest.fixture
def write_run(tmp_path):
    """A run's folder, as far as an export reads it, with one checkpoint more at every call."""

    def write(config, module, classes, iteration=7):
        run = tmp_path / "run"
        checkpoint.save(run / CHECKPOINTS, iteration, {"model": module.state_dict()}, {})
        record = {"inputs": {"model": config.model}, "data": {"train": {"classes": classes}}}
        write_json(run / RUN, record)
        return run

    return write
