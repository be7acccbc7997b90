"""Average precision as COCO counts it, by faster-coco-eval."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from faster_coco_eval import COCO, COCOeval_faster
from numpy.typing import ArrayLike, NDArray

from trainstudy.multitask.data import TaskSet
from trainstudy.multitask.metrics._count import check

Found = tuple[ArrayLike, ArrayLike, ArrayLike]
"""What was found in an image: boxes [n,4] in pixels of the square, scores [n], labels [n]."""


def detection_scores(predictions: Sequence[Found], dataset: TaskSet) -> dict[str, float]:
    """``mAP50``, ``mAP`` (IoU 0.50 to 0.95), and ``AP50/<class>``, ``AP/<class>``, in percent.

    At most 100 boxes an image count, all sizes; a class without a true box is left out of the
    means, as COCO does. Raises ValueError where there is not one prediction an image and where the
    set has no box; naming the image, for shapes that do not fit, NaN, and a label that is no class.
    """
    check(predictions, dataset, "det")
    truth = COCO(ground_truth(dataset))
    evaluation = COCOeval_faster(truth, truth.loadRes(results(predictions, dataset)), "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    # [IoU, recall, class, size, most boxes]: all sizes and the largest number; -1 without truth
    precision = evaluation.eval["precision"][..., 0, -1]
    order = [evaluation.params.catIds.index(number) for number in dataset.category_ids]
    evaluated = {
        name: 100 * precision[:, :, place]
        for name, place in zip(dataset.classes, order, strict=True)
        if (precision[:, :, place] >= 0).all()
    }
    if not evaluated:
        raise ValueError(f"{dataset.name}: no box to evaluate on")
    ap50 = {f"AP50/{name}": float(curve[0].mean()) for name, curve in evaluated.items()}
    ap = {f"AP/{name}": float(curves.mean()) for name, curves in evaluated.items()}
    means = {"mAP50": float(np.mean(list(ap50.values()))), "mAP": float(np.mean(list(ap.values())))}
    return means | ap50 | ap


def ground_truth(dataset: TaskSet) -> dict[str, Any]:
    """The true boxes in COCO's form: original pixels, x, y, width, height, official categories."""
    assert dataset.boxes is not None
    assert dataset.crowd is not None
    annotations: list[dict[str, Any]] = []
    for image, slot in np.argwhere(dataset.labels >= 0).tolist():
        box = _xywh(dataset.boxes[image, slot], image, dataset)
        annotations.append({
            "id": len(annotations) + 1,  # 0 would mean "unmatched"
            "image_id": image,
            "category_id": dataset.category_ids[dataset.labels[image, slot]],
            "bbox": box.tolist(),
            "area": float(box[2] * box[3]),
            "iscrowd": int(dataset.crowd[image, slot]),
        })  # fmt: skip
    pairs = zip(dataset.category_ids, dataset.classes, strict=True)
    return {
        "images": [
            {"id": image, "height": int(height), "width": int(width)}
            for image, (height, width) in enumerate(dataset.sizes)
        ],
        "categories": [{"id": number, "name": name} for number, name in pairs],
        "annotations": annotations,
    }


def results(predictions: Sequence[Found], dataset: TaskSet) -> list[dict[str, Any]]:
    """What was found, in COCO's form. Raises ValueError as :func:`detection_scores` does."""
    found = []
    for image, parts in enumerate(predictions):
        where = f"{dataset.name}, {dataset.names[image]}"
        boxes, scores, labels = _arrays(parts, len(dataset.classes), where)
        for box, score, label in zip(_xywh(boxes, image, dataset), scores, labels, strict=True):
            found.append({
                "image_id": image,
                "category_id": dataset.category_ids[int(label)],
                "bbox": box.tolist(),
                "score": float(score),
            })  # fmt: skip
    return found


def _arrays(
    parts: Found, classes: int, where: str
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[Any]]:
    boxes, scores = (np.asarray(part, np.float64) for part in parts[:2])
    labels = np.asarray(parts[2])
    if not boxes.size:
        boxes = boxes.reshape(0, 4)  # an empty list has no second axis
    count = scores.size
    shapes = (boxes.shape, scores.shape, labels.shape)
    if shapes != ((count, 4), (count,), (count,)):
        said = ", ".join(map(str, shapes))
        raise ValueError(f"{where}: boxes, scores and labels of shapes {said}; not of n boxes")
    for what, values in ("box", boxes), ("score", scores):
        if np.isnan(values).any():
            raise ValueError(f"{where}: a {what} is not a number")
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(
            f"{where}: labels {labels.min()} to {labels.max()}; accepted: 0..{classes - 1}"
        )
    return boxes, scores, labels


def _xywh(boxes: NDArray[Any], image: int, dataset: TaskSet) -> NDArray[np.float64]:
    """Boxes [...,4] of the square, clipped to the image, in original pixels."""
    height, width = dataset.sizes[image]
    corners = boxes.astype(np.float64) / dataset.scales[image]
    corners = corners.clip(0, [width, height, width, height])
    return np.concatenate([corners[..., :2], corners[..., 2:] - corners[..., :2]], -1)
