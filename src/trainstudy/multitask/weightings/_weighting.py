"""What every weighting shares: from task losses to gradients, and what happens around a step."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn


class Weighting(nn.Module):
    """How the losses of K tasks become one update.

    State lives in buffers and parameters, so it is saved with the model and resumes exactly. Where
    a method fixes the sum of its weights the sum is K, the sum of equal weights: methods differ in
    balance, not in the learning rate. ``capturable`` says whether ``backward`` never waits for the
    device, so that a CUDA graph can hold it, ``sees_validations`` whether the training depends on
    when it is validated. ``epoch`` is the number of iterations of one.
    Raises ValueError where there is no task, a task twice, or no iteration.
    """

    capturable: bool = True
    sees_validations: bool = False

    def __init__(self, tasks: Sequence[str], epoch: int) -> None:
        super().__init__()
        if not tasks or len(set(tasks)) < len(tasks):
            raise ValueError(f"tasks must be at least one and each once, got {list(tasks)}")
        if epoch < 1:
            raise ValueError(f"an epoch has at least 1 iteration, got {epoch}")
        self.tasks, self.epoch = tuple(tasks), epoch

    def weigh(self, losses: Tensor) -> Tensor:
        """The weights [K] of detached ``losses`` [K]; state that depends on them is updated."""
        raise NotImplementedError

    def backward(self, losses: Tensor, parameters: Sequence[nn.Parameter]) -> Tensor:
        """Add the gradients of one step to those of ``parameters``, frozen ones left out.

        ``losses`` [K] are in the order of ``tasks``. Returns the weights [K] that they had, NaN
        where a method has none.
        """
        weights = self.weigh(losses.detach())
        differentiate((weights * losses).sum(), parameters)
        return weights

    def updated(self, losses: Callable[[], Tensor]) -> None:
        """After the optimizer's step: ``losses()`` are those [K] of the same batch again."""

    def validated(self, scores: dict[str, float]) -> None:
        """After a validation: the scores by task, in percent."""


def differentiate(total: Tensor, parameters: Sequence[nn.Parameter]) -> None:
    """Add the gradients of a scalar to those of ``parameters``, frozen ones left out."""
    torch.autograd.backward(total, inputs=trained(parameters))


def trained(parameters: Sequence[nn.Parameter]) -> list[nn.Parameter]:
    """The parameters that are not frozen."""
    return [parameter for parameter in parameters if parameter.requires_grad]
