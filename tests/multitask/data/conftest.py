"""The three minis in small, as folders on disk."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

WNIDS = {"n01": "tench", "n02": "golf ball"}
COLOURS = {0: (0, 0, 0), 1: (128, 0, 0), 20: (0, 64, 128), 255: (224, 224, 192)}  # of VOC's ids
SIDES = {"train": 40, "val": 44, "test": 48}  # width of the images of a split


@pytest.fixture
def save():
    """A writer of image files that makes their folders."""

    def write(path: Path, pixels: np.ndarray) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        image = Image.fromarray(pixels)
        if pixels.ndim == 2:  # as VOC's masks are: ids with a colour each
            image.putpalette([part for i in range(256) for part in COLOURS.get(i, (90, 90, 90))])
        image.save(path)

    return write


@pytest.fixture
def minis(tmp_path, save) -> Path:
    """A data root with two images a split (of classification four), 24 pixels high."""
    rng = np.random.default_rng(0)
    for split, width in SIDES.items():
        voc, coco, imagenette = (
            tmp_path / "mini" / name for name in ("mini_voc_seg", "mini_coco_det", "imagenette_160")
        )
        for index in range(2):
            name = f"{split}{index}"
            pixels = rng.integers(0, 256, (24, width, 3), dtype=np.uint8)
            save(voc / split / "images" / f"{name}.png", pixels)
            mask = np.repeat(np.array([0, 1, 20, 255], np.uint8), width // 4)
            save(voc / split / "masks" / f"{name}.png", np.tile(mask, (24, 1)))
            save(coco / split / f"{name}.png", pixels[::-1])
            for wnid in WNIDS:
                pixels = rng.integers(0, 256, (24, width, 3), dtype=np.uint8)
                save(imagenette / split / wnid / f"{name}.png", pixels)
        records = [
            {"id": 70 + i, "file_name": f"{split}{i}.png", "height": 24, "width": width}
            for i in range(2)
        ]
        boxes = [(70, 90, [4, 2, 10.5, 6], 0), (70, 1, [0, 0, width + 0.005, 24], 0),
                 (71, 90, [1, 1, 8, 8], 1)]  # fmt: skip
        annotations = [
            {"id": i, "image_id": image, "category_id": kind, "bbox": box, "iscrowd": crowd}
            for i, (image, kind, box, crowd) in enumerate(boxes)
        ]
        names = [{"id": 90, "name": "toothbrush"}, {"id": 1, "name": "person"}]
        path = coco / "annotations" / f"instances_{split}.json"
        path.parent.mkdir(exist_ok=True)
        content = {"images": records, "annotations": annotations, "categories": names}
        path.write_text(json.dumps(content))
        (imagenette / "classes.txt").write_text("".join(f"{k} {v}\n" for k, v in WNIDS.items()))
    return tmp_path
