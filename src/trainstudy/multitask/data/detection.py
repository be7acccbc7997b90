"""COCO detection below ``mini_coco_det``: images in SPLIT, annotations/instances_SPLIT.json."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainstudy import files
from trainstudy.data.decoding import in_order
from trainstudy.multitask.data import letterbox
from trainstudy.multitask.data._set import TaskSet

FOLDER = "mini_coco_det"
OVERHANG = 1.0
"""Pixels that a box may stick out by. Official boxes are rounded to hundredths and do, by as much;
they are clipped. More means corners read as width and height, or the boxes of another size."""


def load(folder: Path, split: str, size: int) -> TaskSet:
    """One split, in the order of its JSON. Raises ValueError naming the file and the annotation."""
    path = folder / "annotations" / f"instances_{split}.json"
    content = files.read_json(path)
    try:
        records = {image["id"]: image for image in content["images"]}
        categories = {int(category["id"]): category["name"] for category in content["categories"]}
        if not records or len(records) < len(content["images"]):
            raise ValueError(f"{path}: holds no image, or two of one id")
        of_image: dict[int, list[dict[str, Any]]] = {image: [] for image in records}
        for annotation in content["annotations"]:
            if annotation["image_id"] not in of_image:
                raise ValueError(f"{path}: annotation {annotation['id']} is of no image in it")
            of_image[annotation["image_id"]].append(annotation)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path}: not COCO's instances: {error!r} is missing") from error
    images = list(
        in_order(letterbox.read, [folder / split / r["file_name"] for r in records.values()])
    )
    for record, image in zip(records.values(), images, strict=True):
        if (record["height"], record["width"]) != image.shape[:2]:
            found, said = "{1}x{0}".format(*image.shape), f"{record['width']}x{record['height']}"
            raise ValueError(f"{folder / split / record['file_name']}: {found}, {path} says {said}")
    scales = np.array([letterbox.scale(image.shape, size) for image in images])
    most = max(1, *map(len, of_image.values()))
    labels = np.full((len(images), most), -1, np.int64)
    boxes = np.zeros((len(images), most, 4), np.float32)
    crowd = np.zeros((len(images), most), np.bool_)
    ids = sorted(categories)  # the JSON's own order may differ between splits
    for place, (image, annotations) in enumerate(zip(images, of_image.values(), strict=True)):
        for slot, annotation in enumerate(annotations):
            where = f"{path}: annotation {annotation.get('id')}"
            if annotation["category_id"] not in categories:
                found = annotation["category_id"]
                raise ValueError(f"{where}: category_id {found}; accepted: {ids}")
            labels[place, slot] = ids.index(annotation["category_id"])
            boxes[place, slot] = corners(annotation, image.shape, where) * scales[place]
            crowd[place, slot] = bool(annotation.get("iscrowd", 0))
    return TaskSet(
        "det",
        f"{FOLDER}/{split}",
        tuple(categories[number] for number in ids),
        images=np.stack([letterbox.image(image, size) for image in images]),
        sizes=np.array([image.shape[:2] for image in images]),
        scales=scales,
        names=tuple(Path(record["file_name"]).stem for record in records.values()),
        labels=labels,
        boxes=boxes,
        crowd=crowd,
        category_ids=tuple(ids),
    )


def corners(
    annotation: Mapping[str, Any], shape: tuple[int, ...], where: str
) -> NDArray[np.float64]:
    """x1, y1, x2, y2 in the image's pixels of a box given as x, y, width and height."""
    box = np.asarray(annotation["bbox"], np.float64)
    if box.shape != (4,) or not np.isfinite(box).all() or not (box[2:] > 0).all():
        raise ValueError(f"{where}: bbox {box.tolist()}; expected x, y, width and height above 0")
    far = np.array(shape[1::-1])
    placed = np.stack([box[:2], box[:2] + box[2:]])
    clipped = placed.clip(0, far)
    if np.abs(placed - clipped).max() > OVERHANG or not (clipped[0] < clipped[1]).all():
        size = "{1}x{0}".format(*shape)
        raise ValueError(f"{where}: bbox {box.tolist()} is not inside its image of {size} pixels")
    return clipped.ravel()
