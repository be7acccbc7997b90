"""mIoU from confusion matrices, as mmsegmentation's IoUMetric computes it."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


def confusion(prediction: Tensor, label: Tensor, classes: int, ignore: int = 255) -> Tensor:
    """Pixel counts [B,C,C] (row: label, column: prediction) of integer maps [B,H,W].

    Pixels labelled ``ignore`` do not count.
    """
    batch = prediction.shape[0]
    label, prediction = label.reshape(batch, -1).long(), prediction.reshape(batch, -1).long()
    cell = label * classes + prediction
    # one bin an image and cell; a last one takes what is ignored
    image = torch.arange(batch, device=label.device)[:, None]
    bins = torch.where(label == ignore, batch * classes**2, image * classes**2 + cell)
    counts = torch.bincount(bins.flatten(), minlength=batch * classes**2 + 1)[:-1]
    return counts.reshape(batch, classes, classes)


def summarise(confusions: NDArray[np.int64], domains: tuple[str, ...]) -> dict[str, Any]:
    """mIoU, mean and overall accuracy in percent over all images [N,C,C], and mIoU by domain.

    A class that is neither labelled nor predicted in a group is left out of that group's mean.
    Raises ValueError where no pixel is labelled.
    """
    total = confusions.sum(0)
    if not total.sum():
        raise ValueError("no labelled pixel to evaluate on")
    with np.errstate(invalid="ignore"):
        recall = np.diag(total) / total.sum(1)
    values: dict[str, Any] = {
        "mIoU": _percent(iou(total)),
        "mAcc": _percent(recall),
        "aAcc": round(float(100 * np.trace(total) / total.sum()), 4),
    }
    groups = sorted(set(domains))
    if len(groups) > 1:
        chosen = {group: np.array([domain == group for domain in domains]) for group in groups}
        values["domains"] = {
            group: _percent(iou(confusions[mask].sum(0))) for group, mask in chosen.items()
        }
    return values


def iou(total: NDArray[np.int64]) -> NDArray[np.float64]:
    """Intersection over union of every class of one matrix [C,C]; NaN where the union is empty.

    Source: Everingham et al., "The PASCAL Visual Object Classes challenge" (2015), section 3.
    """
    intersection = np.diag(total)
    union = total.sum(0) + total.sum(1) - intersection
    with np.errstate(invalid="ignore"):
        return np.asarray(intersection / union, dtype=np.float64)


def _percent(values: NDArray[np.float64]) -> float:
    return round(float(100 * np.nanmean(values)), 4)
