"""A task of a few parameters for the loop's tests; run as a script it trains and kills itself.

usage: toy.py FOLDER UNTIL INTERVAL   (prints how many trainings were killed on the way)
"""

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from trainstudy.training.loop import Plan, train
from trainstudy.training.randomness import generator
from trainstudy.training.schedules import parse
from trainstudy.training.task import Batch, Evaluation, Task


class Toy(Task):
    """Dropout, batch norm and AdamW: every kind of state a real model has."""

    def __init__(self, pause: float = 0.0) -> None:
        torch.set_num_threads(1)  # sums depend on the number of threads
        torch.manual_seed(0)
        self.module = nn.Sequential(
            nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Dropout(0.3), nn.ReLU(), nn.Linear(8, 1)
        )
        self.optimizer = torch.optim.AdamW(self.module.parameters(), lr=0.01)
        self.pause = pause

    def batch(self, iteration: int) -> Batch:
        drawn = generator(7, "toy", iteration).normal(size=(6, 4))
        images = torch.tensor(drawn, dtype=torch.float32)
        return Batch(images, images.sum(1, keepdim=True), [f"{iteration}"] * 6, [False] * 6)

    def loss(self, batch: Batch) -> torch.Tensor:
        time.sleep(self.pause)
        return ((self.module(batch.images) - batch.labels) ** 2).mean()

    def evaluate(self) -> Evaluation:
        images = torch.ones(2, 4)
        value = float((self.module(images) - 4).abs().mean())
        return Evaluation({"mIoU": value}, np.ones((2, 1, 1), dtype=np.int64))


def plan(until: int, interval: int = 5, schedule: str = "poly:end=40,warmup=3", **options) -> Plan:
    return Plan(parse(schedule), seed=3, until=until, interval=interval, **options)


def nursery(folder: Path, until: int, interval: int, lines: int) -> int:
    """Train in forked children and kill each with SIGKILL once it has written ``lines`` lines, at
    whatever moment that finds it, until one gets to the end. Returns how many were killed."""
    killed = 0
    while True:
        seen = _lines(folder)
        child = os.fork()
        if child == 0:
            train(Toy(pause=0.001), folder, plan(until, interval), quiet=True)
            os._exit(0)
        while _lines(folder) < seen + lines and not _ended(child):
            time.sleep(0.0003 * (1 + killed % 5))
        if _ENDED.pop(child, False):
            return killed
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        killed += 1


_ENDED: dict[int, bool] = {}


def _ended(child: int) -> bool:
    _ENDED[child] = os.waitpid(child, os.WNOHANG)[0] == child
    return _ENDED[child]


def _lines(folder: Path) -> int:
    path = folder / "metrics.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


if __name__ == "__main__":
    print(nursery(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), lines=9))
