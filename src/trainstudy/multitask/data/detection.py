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
FIELDS: dict[str, dict[str, tuple[type, ...]]] = {
    "images": {"id": (int, str), "file_name": (str,), "height": (int,), "width": (int,)},
    "categories": {"id": (int,), "name": (str,)},
    "annotations": {"image_id": (int, str), "category_id": (int,), "bbox": (list,)},
}
"""What is read of each part of COCO's instances."""
TYPES = {int: "a whole number", str: "a text", list: "a list"}


def load(folder: Path, split: str, size: int) -> TaskSet:
    """One split, in the order of its JSON. Raises ValueError naming the file and the annotation."""
    path = folder / "annotations" / f"instances_{split}.json"
    records, categories, of_image = _read(path)
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


def entries(content: Mapping[str, Any], part: str, path: Path) -> list[dict[str, Any]]:
    """The images, categories or annotations of COCO's instances, with all of ``FIELDS``.

    Raises ValueError naming the file, the entry by its place, and the field.
    """
    found = content.get(part)
    if not isinstance(found, list):
        raise ValueError(f"{path}: not COCO's instances: {part!r} is missing, or no list")
    for place, entry in enumerate(found):
        where = f"{path}: {part}[{place}]"
        if not isinstance(entry, dict):
            raise ValueError(f"{where} is no object")
        for field, types in FIELDS[part].items():
            if field not in entry:
                raise ValueError(f"{where}: {field} is missing")
            if not isinstance(entry[field], types):
                wanted = " or ".join(TYPES[one] for one in types)
                raise ValueError(f"{where}: {field} {entry[field]!r}; expected {wanted}")
    return found


def read_box(annotation: Mapping[str, Any], where: str) -> NDArray[np.float64]:
    """x, y, width and height. Raises ValueError unless they are four finite numbers."""
    given = annotation["bbox"]
    try:
        box = np.asarray(given, np.float64)
    except (TypeError, ValueError):  # words, or lists of several lengths
        raise ValueError(f"{where}: bbox {given!r}; expected four numbers") from None
    if box.shape != (4,) or not np.isfinite(box).all():
        raise ValueError(f"{where}: bbox {box.tolist()}; expected x, y, width and height")
    return box


def corners(
    annotation: Mapping[str, Any], shape: tuple[int, ...], where: str
) -> NDArray[np.float64]:
    """x1, y1, x2, y2 in the image's pixels of a box given as x, y, width and height.

    Raises ValueError for a box without a size, or that is not inside its image.
    """
    box = read_box(annotation, where)
    if not (box[2:] > 0).all():
        raise ValueError(f"{where}: bbox {box.tolist()}; expected x, y, width and height above 0")
    far = np.array(shape[1::-1])
    placed = np.stack([box[:2], box[:2] + box[2:]])
    clipped = placed.clip(0, far)
    if np.abs(placed - clipped).max() > OVERHANG or not (clipped[0] < clipped[1]).all():
        size = "{1}x{0}".format(*shape)
        raise ValueError(f"{where}: bbox {box.tolist()} is not inside its image of {size} pixels")
    return clipped.ravel()


def _read(
    path: Path,
) -> tuple[dict[Any, dict[str, Any]], dict[int, str], dict[Any, list[dict[str, Any]]]]:
    """Images by id, names by category id, and annotations by image id."""
    content = files.read_json(path)
    images, listed, annotations = (entries(content, part, path) for part in FIELDS)
    records = {image["id"]: image for image in images}
    if not records or len(records) < len(images):
        raise ValueError(f"{path}: holds no image, or two of one id")
    categories: dict[int, str] = {}
    for category in listed:
        if (number := category["id"]) in categories:
            names = f"{categories[number]!r} and {category['name']!r}"
            raise ValueError(f"{path}: categories {names} have one id, {number}")
        categories[number] = category["name"]
    of_image: dict[Any, list[dict[str, Any]]] = {image: [] for image in records}
    for annotation in annotations:
        if annotation["image_id"] not in of_image:
            raise ValueError(f"{path}: annotation {annotation.get('id')} is of no image in it")
        of_image[annotation["image_id"]].append(annotation)
    return records, categories, of_image
