"""Small folder trees on disk, and a cache of their own for every test."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from trainstudy.data import description


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    """The folder of decoded data; the machine's own settings are out of sight."""
    monkeypatch.setenv("TRAINSTUDY_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("TRAINSTUDY_DATA_ROOT", raising=False)
    return tmp_path / "cache"


@pytest.fixture
def draw():
    """A maker of image and label files; the ids stand in blocks, the image follows them."""

    def make(image: Path, label: Path, ids: list[int], size: tuple[int, int] = (24, 48)) -> None:
        columns = np.array(ids, dtype=np.uint8)[np.arange(size[1]) * len(ids) // size[1]]
        save(label, np.tile(columns, (size[0], 1)))
        save(image, np.tile(columns[None, :, None], (size[0], 1, 3)) * 7)

    def save(path: Path, pixels: np.ndarray) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path)

    make.save = save
    return make


@pytest.fixture
def describe(tmp_path):
    """A maker of descriptions: three classes under ids 1 to 3, 0 ignored, train, val and test."""

    def make(**changes: object) -> description.Description:
        keys = {
            "name": "mine", "root": "mine", "size": [12, 24], "crop": [8, 8],
            "images": "{split}/{domain}/{name}.png", "labels": "ids/{split}/{domain}/{name}.png",
            "splits": {"train": "train", "val": "val", "test": "test"},
            "classes": ["road", "car", "sky"], "ids": {"road": 1, "car": 2, "sky": 3},
            "ignore": [0],
        }  # fmt: skip
        return description.Description.checked(**(keys | changes))

    return make
