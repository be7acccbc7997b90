"""The optimizer's state as named tensors, so that it can be stored without pickle."""

import torch
from torch import Tensor, nn
from torch.optim import Optimizer


def flatten(optimizer: Optimizer, module: nn.Module) -> dict[str, Tensor]:
    """``{"parameter name/state name": tensor}``, e.g. ``decode_head.weight/exp_avg``."""
    names: dict[Tensor, str] = {parameter: name for name, parameter in module.named_parameters()}
    return {
        f"{names[parameter]}/{key}": value
        for parameter, state in optimizer.state.items()
        for key, value in state.items()
        if isinstance(value, Tensor)
    }


def restore(optimizer: Optimizer, module: nn.Module, tensors: dict[str, Tensor]) -> None:
    """Put back what :func:`flatten` gave.

    Raises KeyError naming a parameter that the module does not have.
    """
    parameters = dict(module.named_parameters())
    optimizer.state.clear()
    for key, value in tensors.items():
        name, _, slot = key.rpartition("/")
        parameter = parameters[name]
        optimizer.state[parameter][slot] = _placed(value, slot, parameter, optimizer)


def _placed(value: Tensor, slot: str, parameter: Tensor, optimizer: Optimizer) -> Tensor:
    # torch keeps a step counter on the host unless the update runs wholly on the device
    if slot == "step" and not optimizer.defaults.get("fused"):
        return value.cpu()
    if value.shape != parameter.shape:
        return value.to(parameter.device)
    # a fused update wants the strides of the parameter, which a file does not keep
    return torch.empty_like(parameter, dtype=value.dtype).copy_(value)
