import numpy as np
import pytest

from trainstudy.data import streets


@pytest.fixture(scope="session")
def street():
    """A street scene of twice the usual size."""
    return streets.draw("new_town", 1, 0, 192, 256).image


@pytest.fixture
def noise():
    return lambda *shape: np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
