"""The optimizer state in a file of mmengine, by parameter name."""

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from trainstudy.segmentation.models import ModelConfig, load_openmm

_NOT_COMPARED = {
    "lr",  # stated anew
    *("maximize", "foreach", "fused", "capturable", "differentiable"),  # how it runs
    "decoupled_weight_decay",  # unknown to torch before 2.7
}


def named_state(
    path: Path, stored: dict[str, Any], config: ModelConfig, module: nn.Module
) -> dict[str, Tensor]:
    """``{"parameter name/state name": tensor}``, see ``training.optimizer_state``.

    mmengine's state knows a parameter by its place alone, so the places are found by letting
    mmengine make the configuration's optimizer for ``module``. Warns where settings differ from
    it. Raises ValueError, naming ``path``, where the state belongs to another optimizer.
    """
    built = _build(config, module)
    names = {parameter: name for name, parameter in module.named_parameters()}
    compared = set(built.defaults) - _NOT_COMPARED
    groups = stored["param_groups"]
    counts = [sum(len(group["params"]) for group in part) for part in (groups, built.param_groups)]
    if counts[0] != counts[1] or not all(compared <= group.keys() for group in groups):
        raise ValueError(
            f"{path}: state of another optimizer: {counts[0]} parameters with "
            f"{', '.join(sorted(groups[0].keys() - _NOT_COMPARED))}; asked for is "
            f"{type(built).__name__} with {', '.join(sorted(compared))} for {counts[1]}"
        )
    old = _by_parameter(groups, compared, base_rate(stored))
    new = _by_parameter(built.param_groups, compared, built.defaults["lr"])
    tensors: dict[str, Tensor] = {}
    differences = set()
    for (place, was), (parameter, now) in zip(old, new, strict=True):
        differences |= {f"{key} {was[key]} (now {now[key]})" for key in now if was[key] != now[key]}
        for slot, value in stored["state"].get(place, {}).items():
            if value is None:  # a momentum that no step has used
                continue
            tensor = value if isinstance(value, Tensor) else torch.tensor(float(value))
            if tensor.ndim and tensor.shape != parameter.shape:
                raise ValueError(
                    f"{path}: state of another optimizer: {slot!r} of {names[parameter]} has shape "
                    f"{tuple(tensor.shape)}, the parameter {tuple(parameter.shape)}"
                )
            tensors[f"{names[parameter]}/{slot}"] = tensor
    if differences:
        warnings.warn(f"{path}: trained with {', '.join(sorted(differences))}", stacklevel=3)
    return tensors


def base_rate(stored: dict[str, Any]) -> float:
    """The learning rate that a stored optimizer's schedule started from."""
    # mmengine keeps it apart where groups have rates of their own
    group = stored.get("base_param_settings") or stored["param_groups"][0]
    return float(group.get("initial_lr", group["lr"]))


def _build(config: ModelConfig, module: nn.Module) -> Optimizer:
    load_openmm()
    from mmengine.optim import build_optim_wrapper

    wanted = ("optimizer", "paramwise_cfg", "constructor")  # nothing of mixed precision
    settings = {key: config.optimizer[key] for key in wanted if key in config.optimizer}
    built: Optimizer = build_optim_wrapper(module, settings).optimizer
    return built


def _by_parameter(
    groups: Iterable[dict[str, Any]], settings: set[str], base: float
) -> list[tuple[Any, dict[str, Any]]]:
    """Every parameter, or its place, with what its group is told to do with it."""
    return [
        (parameter, {key: group[key] for key in settings} | {"lr_mult": round(rate / base, 6)})
        for group in groups
        for rate in [group.get("initial_lr", group["lr"])]
        for parameter in group["params"]
    ]
