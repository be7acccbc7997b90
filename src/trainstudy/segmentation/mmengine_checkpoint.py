"""Checkpoints of mmengine (``iter_N.pth``) as checkpoints of ours.

Weights, optimizer state by parameter name, and the iteration are taken over. The schedule is not:
a run states its own. What the file's was is returned, to be shown beside it.
"""

from pathlib import Path
from typing import Any

from torch import Tensor, nn

from trainstudy.segmentation import mmengine_file, mmengine_optimizer
from trainstudy.segmentation.models import ModelConfig
from trainstudy.training import checkpoint
from trainstudy.training.checkpoint import Checkpoint


def iteration_of(path: Path) -> int:
    """The iteration of a file of mmengine, its weights left alone; raises ValueError likewise."""
    return mmengine_file.iteration(path, mmengine_file.read(path, weights=False))


def import_checkpoint(
    path: Path, config: ModelConfig, module: nn.Module, *, weights_only: bool = False
) -> Checkpoint:
    """A file of mmengine for the training loop, on the CPU.

    ``module`` is a model of ``config`` and is left as it is. The ``state`` holds the file's
    ``learning_rate`` (base rate) and ``schedulers`` (``end``, ``eta_min``, ``power``, ... of each).
    With ``weights_only`` the optimizer starts anew. A loss scaler's state is left out: bfloat16
    needs none. Warns where the optimizer's settings differ from the configuration's. Raises
    ValueError, naming the file and what is wrong, where it is not a checkpoint, holds types that
    are not read, belongs to another model or optimizer, or has no optimizer state.
    """
    content = mmengine_file.read(path)
    tensors = {"model": fitting(path, content["state_dict"], module), "optimizer": {}}
    state: dict[str, Any] = {}
    if not weights_only:
        stored = _optimizer(path, content)
        tensors["optimizer"] = mmengine_optimizer.named_state(path, stored, config, module)
        schedulers = content.get("param_schedulers", [])
        state = {
            "learning_rate": mmengine_optimizer.base_rate(stored),
            "schedulers": [_settings(scheduler) for scheduler in schedulers],
        }
    iteration = mmengine_file.iteration(path, content)
    return Checkpoint(iteration, tensors, state, {path.name: checkpoint.sha256(path)})


def fitting(path: Path, stored: dict[str, Tensor], module: nn.Module) -> dict[str, Tensor]:
    """Stored weights under the module's names. Raises ValueError, naming the file and what is
    wrong, where they are not exactly the module's."""
    weights = {key.removeprefix("module."): value for key, value in stored.items()}
    expected = module.state_dict()
    shapes = {
        key: (tuple(weights[key].shape), tuple(value.shape))
        for key, value in expected.items()
        if key in weights and weights[key].shape != value.shape
    }
    for key, (found, wanted) in shapes.items():
        if key.endswith("conv_seg.weight") and found[1:] == wanted[1:]:
            raise ValueError(f"{path}: trained for {found[0]} classes, not for {wanted[0]}")
    faults = {
        "missing": [key for key in expected if key not in weights],
        "unexpected": [key for key in weights if key not in expected],
        "of another shape": [
            f"{key} {found} for {wanted}" for key, (found, wanted) in shapes.items()
        ],
    }
    if any(faults.values()):
        told = (
            f"{len(keys)} {fault} ({', '.join(keys[:3])}{', ...' if len(keys) > 3 else ''})"
            for fault, keys in faults.items()
            if keys
        )
        raise ValueError(f"{path}: weights of another model: {'; '.join(told)}")
    return {key: weights[key] for key in expected}


def _optimizer(path: Path, content: dict[str, Any]) -> dict[str, Any]:
    stored = content.get("optimizer")
    if not isinstance(stored, dict) or not stored.get("param_groups"):
        raise ValueError(f"{path}: holds no state of one optimizer, so it cannot be continued")
    if "ema_state_dict" in content:
        raise ValueError(
            f"{path}: its weights are an average over the training, its optimizer state is not"
        )
    return stored


def _settings(scheduler: dict[str, Any]) -> dict[str, Any]:
    """What a scheduler was asked for, without what it keeps for itself."""
    return {
        key: value
        for key, value in scheduler.items()
        if isinstance(value, int | float | str) and key[0] != "_" and key != "verbose"
    }
