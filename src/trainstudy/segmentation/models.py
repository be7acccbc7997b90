"""mmsegmentation's models by the name of their configuration.

Only the model and its optimizer are taken from a configuration; data, schedule and length are the
study's own. Weights start at random: pretrained weights would come from a hub.
"""

import logging
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from torch import nn
from torch.optim import Optimizer

ALIASES = {
    **{f"segformer_b{n}": f"segformer_mit-b{n}_8xb1-160k_cityscapes-1024x1024" for n in range(6)},
    **{f"segformer_mit-b{n}": f"segformer_b{n}" for n in range(6)},
    **{f"pspnet_r{n}": f"pspnet_r{n}-d8_4xb2-80k_cityscapes-512x1024" for n in (18, 50, 101)},
}
"""Short names for the report's models."""


@dataclass(frozen=True)
class ModelConfig:
    """The resolved ``model`` and ``optim_wrapper`` dictionaries of a configuration."""

    name: str
    model: dict[str, Any]
    optimizer: dict[str, Any]


@cache
def load_openmm() -> None:
    """Import mmengine and mmsegmentation once, without the warnings of their own imports.

    They speak of operators that none of the study's models needs, and of torch.jit's retirement.
    """
    # mmengine imports the whole of transformers, where it is installed, for one optimizer's name
    known = sys.modules.setdefault("transformers", None)  # type: ignore[arg-type]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mmseg.models  # noqa: F401  (fills the registry)
        from mmengine.logging import MMLogger
        from mmengine.registry import init_default_scope

        init_default_scope("mmseg")
        MMLogger.get_current_instance().setLevel(logging.ERROR)
    if known is None:
        del sys.modules["transformers"]  # only hidden while mmengine looked


@cache
def zoo() -> dict[str, Path]:
    """Every configuration of the installed mmsegmentation: ``{name: file}``."""
    package = distribution("onedl-mmsegmentation")
    files = package.files or []
    found = [Path(str(package.locate_file(file))) for file in files if "configs" in file.parts]
    return {
        path.stem: path for path in found if path.suffix == ".py" and "_base_" not in path.parts
    }


def resolve_name(name: str) -> str:
    """The configuration that a model name stands for.

    Raises ValueError naming the aliases and the nearest configurations where there is none.
    """
    import difflib

    full = name
    while full in ALIASES:
        full = ALIASES[full]
    if full not in zoo():
        near = difflib.get_close_matches(name, [*ALIASES, *zoo()], n=3, cutoff=0.4)
        raise ValueError(
            f"unknown model {name!r}; accepted: {', '.join(sorted(ALIASES))}, or the name of any "
            f"mmsegmentation configuration" + (f" (near: {', '.join(near)})" if near else "")
        )
    return full


def configure(name: str, classes: int) -> ModelConfig:
    """The configuration ``name`` for ``classes`` classes, one device, and random weights."""
    load_openmm()
    from mmengine.config import Config

    name = resolve_name(name)
    config = Config.fromfile(zoo()[name]).to_dict()
    model = config["model"]
    for part in _dictionaries(model):
        if part.get("type") == "SyncBN":
            part["type"] = "BN"  # the same layer where there is one device
        if "num_classes" in part:
            part["num_classes"] = classes
        part.pop("init_cfg", None) if _is_pretrained(part.get("init_cfg")) else None
        if isinstance(part.get("pretrained"), str):
            part["pretrained"] = None
    model["test_cfg"] = {"mode": "whole"}
    model["data_preprocessor"].pop("size", None)
    return ModelConfig(name, model, config["optim_wrapper"])


@cache
def base_rate(name: str) -> float | None:
    """The learning rate of the configuration ``name``, None where it states none."""
    load_openmm()
    from mmengine.config import Config

    wrapper = Config.fromfile(zoo()[resolve_name(name)]).get("optim_wrapper") or {}
    rate: float | None = (wrapper.get("optimizer") or {}).get("lr")
    return rate


def build(config: ModelConfig, seed: int) -> nn.Module:
    """The network with weights drawn from ``seed``, as mmsegmentation initialises them."""
    load_openmm()
    from mmseg.registry import MODELS

    from trainstudy.training.randomness import seed_torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # mmseg's own settings of old; nothing a user could change
        seed_torch(seed, "weights")
        model: nn.Module = MODELS.build(config.model)
        model.init_weights()  # type: ignore[operator]
    return model


def build_optimizer(
    config: ModelConfig, model: nn.Module, learning_rate: float | None
) -> Optimizer:
    """The configuration's optimizer with its per-layer multipliers; ``learning_rate`` overrides
    the base rate.

    mmengine makes one group a parameter. Those with equal settings are merged, which changes no
    update and makes it a few operations instead of hundreds; on a GPU it is fused and capturable.
    """
    load_openmm()
    from mmengine.optim import build_optim_wrapper

    wrapper = {**config.optimizer, "type": "OptimWrapper"}
    wrapper["optimizer"] = dict(wrapper["optimizer"])
    wrapper.pop("loss_scale", None)
    if learning_rate is not None:
        wrapper["optimizer"]["lr"] = learning_rate
    built: Optimizer = build_optim_wrapper(model, wrapper).optimizer
    merged: dict[str, dict[str, Any]] = {}
    # not fused on a CPU: losses there are mmengine's to the bit, fused they are 4e-4 off after 50
    # iterations, and a step takes a hundredth less
    kind = {"fused": True, "capturable": True} if next(model.parameters()).is_cuda else {}
    fast: dict[str, Any] = {key: on for key, on in kind.items() if key in built.defaults}
    for group in built.param_groups:
        settings = {key: value for key, value in (group | fast).items() if key != "params"}
        merged.setdefault(repr(settings), {**settings, "params": []})["params"] += group["params"]
    optimizer: Optimizer = type(built)(list(merged.values()), **fast)
    return optimizer


def _dictionaries(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from _dictionaries(item)


def _is_pretrained(init: Any) -> bool:
    return isinstance(init, dict) and init.get("type") == "Pretrained"
