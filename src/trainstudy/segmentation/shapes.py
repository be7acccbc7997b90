"""Whether a model can be trained on batches of a shape, found out before any training.

Its training-mode forward pass on torch's meta device: shapes alone. Most of the time is taken by
building the model, seconds for a large one.
"""

import warnings

import torch
from torch import nn

from trainstudy.segmentation import losses
from trainstudy.segmentation.models import ModelConfig, load_openmm

AMPLE = (2, (512, 512))  # images and crop that every model can be trained on
LEAST = 64  # a side from which on, with two images, models hardly fail: not worth the seconds


def refuse_impossible(config: ModelConfig, batch_size: int, crop: tuple[int, int]) -> None:
    """Raise ValueError naming 'crop' or 'batch_size' where the model cannot be trained on them.

    A model that fails at ``AMPLE`` too is not checked: it takes images in a way of its own, or the
    meta device cannot run it.
    """
    if batch_size > 1 and min(crop) >= LEAST:
        return
    module = _shape_of(config)
    fault = _fault(module, batch_size, crop)
    if fault is None or _fault(module, *AMPLE) is not None:
        return
    if _fault(module, batch_size, AMPLE[1]) is None:
        named = f"parameter 'crop': {list(crop)} does"
    elif _fault(module, AMPLE[0], crop) is None:
        named = f"parameter 'batch_size': {batch_size} does"
    else:
        named = f"parameters 'crop' and 'batch_size': {list(crop)} and {batch_size} do"
    raise ValueError(f"{named} not fit the model {config.name}: {fault}")


def _shape_of(config: ModelConfig) -> nn.Module:
    """The network, its weights without values."""
    load_openmm()
    from mmseg.registry import MODELS

    # torch draws weights where mmsegmentation would draw its own: whoever draws next must not see
    with torch.random.fork_rng(devices=[]), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module: nn.Module = MODELS.build(config.model)
    return module.to("meta").train()


def _fault(module: nn.Module, batch_size: int, crop: tuple[int, int]) -> str | None:
    """What a forward pass complains of, None where it goes through."""
    try:
        with torch.no_grad(), torch.device("meta"):
            features = module.extract_feat(torch.zeros(batch_size, 3, *crop))  # type: ignore[operator]
            for head in losses.heads(module):
                head(features)
    except Exception as error:  # of torch, or of a model's own checks
        return str(error)
    return None
