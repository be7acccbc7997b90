import numpy as np
import pytest
import torch

torch.set_num_threads(1)


@pytest.fixture
def batch():
    """A maker of images whose three classes can be told by colour, some pixels ignored."""

    def make(count, size=32, seed=0):
        rng = np.random.default_rng(seed)
        labels = torch.from_numpy(rng.integers(0, 3, (count, 4, 4), dtype=np.uint8))
        labels = labels.repeat_interleave(size // 4, 1).repeat_interleave(size // 4, 2)
        noise = torch.from_numpy(rng.integers(0, 20, (count, 3, size, size), dtype=np.uint8))
        images = labels.unsqueeze(1) * 80 + 20 + noise
        labels[:, :2, :2] = 255
        return images, labels

    return make


@pytest.fixture
def draws():
    def make(count, seed=0):
        return [np.random.default_rng([seed, index]) for index in range(count)]

    return make
