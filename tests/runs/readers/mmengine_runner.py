"""Script: trains a one-weight model with mmengine's Runner under every way of counting.

The n-th validation of a process scores mIoU 30 + n, so that each file tells its own order.
"""

import sys
import time
from itertools import count
from pathlib import Path
from typing import Any

import torch
from mmengine.evaluator import BaseMetric, Evaluator
from mmengine.model import BaseModel
from mmengine.runner import Runner


class Model(BaseModel):
    def __init__(self) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(1, 1)

    def forward(self, inputs: torch.Tensor, mode: str = "tensor") -> Any:
        output = self.layer(inputs)
        return {"loss": (output**2).mean()} if mode == "loss" else [output]


class CountingMetric(BaseMetric):
    numbers = count(1)

    def process(self, data_batch: Any, data_samples: Any) -> None:
        self.results.append(0)

    def compute_metrics(self, results: list[int]) -> dict[str, float]:
        number = next(self.numbers)
        return {"aAcc": 80.0 + number, "mIoU": 30.0 + number, "mAcc": 50.0}


def train(folder: Path, by_epoch: bool, metric_by_epoch: bool, length: int, interval: int) -> None:
    def loader(size: int, sampler: str) -> dict[str, Any]:
        images = [torch.full((1,), float(value)) for value in range(size)]
        kind = {"type": sampler, "shuffle": False}
        return {"dataset": images, "batch_size": 1, "num_workers": 0, "sampler": kind}

    CountingMetric.numbers = count(1)
    limit = {"max_epochs": length} if by_epoch else {"max_iters": length}
    loop = {"by_epoch": by_epoch, "val_interval": interval, **limit}
    logger = {"type": "LoggerHook", "interval": 2, "log_metric_by_epoch": metric_by_epoch}
    checkpoint = {"type": "CheckpointHook", "interval": interval, "by_epoch": by_epoch}
    Runner(
        model=Model(),
        work_dir=str(folder),
        train_dataloader=loader(6, "DefaultSampler" if by_epoch else "InfiniteSampler"),
        val_dataloader=loader(2, "DefaultSampler"),
        train_cfg=dict(loop),
        val_cfg={},
        val_evaluator=Evaluator(CountingMetric()),
        optim_wrapper={"optimizer": {"type": "SGD", "lr": 0.01}},
        default_hooks={"logger": logger, "checkpoint": checkpoint},
        log_processor={"by_epoch": by_epoch},
        visualizer={"type": "Visualizer", "vis_backends": [{"type": "LocalVisBackend"}]},
        resume=folder.exists(),
        randomness={"seed": 0},
        experiment_name=f"{folder.name}-{length}",
        cfg={"train_cfg": loop},
    ).train()


if __name__ == "__main__":
    root = Path(sys.argv[1])
    train(root / "iterations", False, False, length=9, interval=4)
    train(root / "iterations_step_0", False, True, length=9, interval=4)
    train(root / "epochs", True, True, length=4, interval=1)
    train(root / "epochs_step_iteration", True, False, length=4, interval=2)
    time.sleep(1)  # folders are named by the second
    train(root / "iterations", False, False, length=14, interval=4)
