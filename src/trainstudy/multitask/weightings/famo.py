"""FAMO: all losses shall fall at one rate, measured from one step to the next."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from trainstudy.multitask.weightings._weighting import Weighting

RATE, DECAY = 0.025, 1e-3  # of the logits: beta and gamma of the paper
BETAS = (0.9, 0.999)  # of Adam
EPSILON = 1e-8  # keeps the logarithm of a loss, and Adam's step, finite


class Famo(Weighting):
    """Weights in proportion to ``softmax(logits)_i / loss_i``; the sum of their logarithms falls.

    After each step the logits go, by Adam, against the tasks whose loss has fallen most on the same
    batch. Losses must not be negative: their lower bounds are taken as 0. Source: Liu, Feng, Stone
    and Liu, "FAMO: Fast adaptive multitask optimization" (2023), algorithm 2; its weights sum to 1.
    """

    logits: Tensor
    exp_avg: Tensor
    exp_avg_sq: Tensor
    step: Tensor
    before: Tensor

    def __init__(self, tasks: Sequence[str], epoch: int) -> None:
        super().__init__(tasks, epoch)
        for name in ("logits", "exp_avg", "exp_avg_sq"):
            self.register_buffer(name, torch.zeros(len(tasks)))
        self.register_buffer("step", torch.zeros(()))
        self.register_buffer("before", torch.ones(len(tasks)), persistent=False)  # one step's

    def weigh(self, losses: Tensor) -> Tensor:
        self.before.copy_(losses)
        shares = self.logits.softmax(0) / (losses + EPSILON)
        return len(self.tasks) * shares / shares.sum()

    @torch.no_grad()
    def updated(self, losses: Callable[[], Tensor]) -> None:
        fall = torch.log(self.before + EPSILON) - torch.log(losses() + EPSILON)
        shares = self.logits.softmax(0)
        gradient = shares * (fall - (shares * fall).sum())  # of sum(shares * fall) by the logits
        self._descend(gradient + DECAY * self.logits)

    def _descend(self, gradient: Tensor) -> None:
        """A step of Adam, its counter a tensor too: the host has nothing to wait for."""
        self.step += 1
        self.exp_avg.lerp_(gradient, 1 - BETAS[0])
        self.exp_avg_sq.lerp_(gradient.square(), 1 - BETAS[1])
        mean = self.exp_avg / (1 - BETAS[0] ** self.step)
        square = self.exp_avg_sq / (1 - BETAS[1] ** self.step)
        self.logits -= RATE * mean / (square.sqrt() + EPSILON)


WEIGHTING = Famo
