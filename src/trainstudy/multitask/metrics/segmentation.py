"""mIoU as the PASCAL VOC challenge counts it."""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from trainstudy.multitask.data import IGNORE, TaskSet
from trainstudy.multitask.metrics._count import check
from trainstudy.segmentation.metrics import confusion, iou


def at_original_size(logits: Tensor, size: tuple[int, int], scale: float) -> NDArray[np.uint8]:
    """The classes [h,w] of an image of ``size`` (h, w), from logits [C,S,S] of its square.

    ``scale`` is the square's pixels an original pixel. The logits are resized, not the classes.
    """
    height, width = (max(1, round(side * scale)) for side in size)  # as data.letterbox rounds
    content = logits[None, :, :height, :width].float()
    resized = F.interpolate(content, size=size, mode="bilinear", align_corners=False)
    return np.asarray(resized[0].argmax(0).to(torch.uint8).cpu())


def iou_scores(predictions: Sequence[NDArray[np.uint8]], dataset: TaskSet) -> dict[str, float]:
    """``mIoU`` and ``IoU/<class>`` in percent, of class maps [h,w] at the images' original sizes.

    One confusion matrix over the whole set, pixels labelled 255 left out, background a class like
    the others: Everingham et al., "The PASCAL Visual Object Classes challenge" (2015), section 3.
    A class neither labelled nor predicted anywhere is left out of the mean; VOC's own program
    counts it as 0 in its later versions and gives no number in its earlier ones, and in VOC's own
    sets the case does not arise. Raises ValueError, naming the image, for maps of other sizes and
    for numbers that are no class, as a palette turned into grey levels gives; and where no pixel
    is labelled.
    """
    check(predictions, dataset, "seg")
    classes = len(dataset.classes)
    total = np.zeros((classes, classes), np.int64)
    for name, found, truth in zip(dataset.names, predictions, dataset.originals, strict=True):
        if found.shape != truth.shape:
            raise ValueError(
                f"{dataset.name}, {name}: prediction of shape {found.shape}, labels {truth.shape}"
            )
        for what, values in ("label", truth[truth != IGNORE]), ("prediction", found):
            if (wrong := values[(values < 0) | (values >= classes)]).size:
                raise ValueError(
                    f"{dataset.name}, {name}: {what} {wrong[0]}; accepted: 0..{classes - 1}"
                )
        predicted, label = (torch.from_numpy(np.array(part))[None] for part in (found, truth))
        total += confusion(predicted, label, classes, IGNORE)[0].numpy()
    if not total.sum():
        raise ValueError(f"{dataset.name}: no labelled pixel to evaluate on")
    values = 100 * iou(total)
    scores = {
        f"IoU/{name}": float(value)
        for name, value in zip(dataset.classes, values, strict=True)
        if np.isfinite(value)
    }
    return {"mIoU": float(np.nanmean(values)), **scores}
