"""The training loss of a mmsegmentation model as one function of tensors.

What mmsegmentation's ``EncoderDecoder.loss`` computes, without its sample objects and without the
accuracy it works out at every step: so that it can be compiled and captured. Models whose loss is
their own go through mmsegmentation's code.
"""

from typing import Any

import torch
from torch import Tensor, nn

from trainstudy.segmentation.gpu_layers import resize
from trainstudy.segmentation.models import load_openmm


def training_loss(
    module: nn.Module, inputs: Tensor, labels: Tensor, weights: Tensor | None = None
) -> Tensor:
    """The sum of the losses of every head, a scalar.

    ``inputs`` float [B,3,h,w]; ``labels`` [B,h,w], or [B,K,h,w] with ``weights`` [B,K].
    """
    features = module.extract_feat(inputs)  # type: ignore[operator]
    losses = [_head_loss(head, features, labels, weights) for head in heads(module)]
    return torch.stack(losses).sum()


def heads(module: nn.Module) -> list[Any]:
    """The decode head and the auxiliary heads, in mmsegmentation's order."""
    found: list[Any] = [module.decode_head]
    if getattr(module, "with_auxiliary_head", False):
        auxiliary = module.auxiliary_head
        found += list(auxiliary) if isinstance(auxiliary, nn.ModuleList) else [auxiliary]
    return found


def is_plain(module: nn.Module) -> bool:
    """Whether :func:`training_loss` is this model's loss: no head computes it in another way."""
    load_openmm()
    from mmseg.models.decode_heads.decode_head import BaseDecodeHead
    from mmseg.models.losses import CrossEntropyLoss
    from mmseg.models.segmentors import EncoderDecoder

    return type(module) is EncoderDecoder and all(
        type(head).loss is BaseDecodeHead.loss
        and type(head).loss_by_feat is BaseDecodeHead.loss_by_feat
        and head.sampler is None
        # averaging over labelled pixels makes the host wait for their number, and weights of
        # classes for their way to the device
        and all(
            type(c) is CrossEntropyLoss and not c.avg_non_ignore and c.class_weight is None
            for c in _criteria(head)
        )
        for head in heads(module)
    )


def sample_loss(module: nn.Module, inputs: Tensor, labels: Tensor) -> Tensor:
    """The same through mmsegmentation's own sample objects, for labels [B,h,w] of any model."""
    from mmengine.structures import PixelData
    from mmseg.structures import SegDataSample

    samples = [SegDataSample(gt_sem_seg=PixelData(data=label[None].long())) for label in labels]
    losses = module.loss(inputs, samples)  # type: ignore[operator]
    loss: Tensor = module.parse_losses(losses)[0]  # type: ignore[operator]
    return loss


def _head_loss(head: Any, features: list[Tensor], labels: Tensor, weights: Tensor | None) -> Tensor:
    logits = head(features)
    with torch.autocast(logits.device.type, enabled=False):
        logits = resize(logits.float(), labels.shape[-2:], None, "bilinear", head.align_corners)
    maps = [labels] if weights is None else labels.unbind(1)
    shares = [None] if weights is None else [w[:, None, None] for w in weights.unbind(1)]
    parts = []
    for criterion in _criteria(head):
        if "loss" not in criterion.loss_name:  # mmengine sums what is named a loss
            continue
        for target, share in zip(maps, shares, strict=True):
            weight = None if share is None else share.expand(target.shape)
            parts.append(
                criterion(logits, target.long(), weight=weight, ignore_index=head.ignore_index)
            )
    return torch.stack(parts).sum()


def _criteria(head: Any) -> list[Any]:
    found = head.loss_decode
    return list(found) if isinstance(found, nn.ModuleList) else [found]
