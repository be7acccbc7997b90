import csv

import numpy as np
import pytest

from trainstudy.data import generated


@pytest.fixture
def train(tiny_set):
    return tiny_set(24, size=(24, 32))


@pytest.fixture
def night(train):
    """What a translator of the training images makes: their negatives."""
    return [(index, "night", 255 - image) for index, image in enumerate(train.images)]


@pytest.fixture
def manifest(tmp_path, train, night):
    return generated.write(tmp_path / "gen", train, night)


@pytest.fixture
def edit():
    """Change the rows of a manifest in place, given as a list of dictionaries."""

    def rewrite(manifest, change, encoding="utf-8"):
        with manifest.open(newline="") as file:
            rows = list(csv.DictReader(file))
        change(rows)
        with manifest.open("w", newline="", encoding=encoding) as file:
            table = csv.DictWriter(file, rows[0].keys())
            table.writeheader()
            table.writerows(rows)

    return rewrite


@pytest.fixture
def noise():
    return lambda *shape: np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
