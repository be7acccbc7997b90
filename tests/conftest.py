"""Fixtures of the whole test tree, and the rule that CI lets nothing skip."""

import os
from pathlib import Path

import numpy as np
import pytest

from trainstudy.data.segmentation_set import SegmentationSet


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Under TRAINSTUDY_NO_SKIP a skipped test is a failed one."""
    report = (yield).get_result()
    if report.skipped and os.environ.get("TRAINSTUDY_NO_SKIP") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may: {report.longrepr[2]}"


@pytest.fixture(scope="session")
def data_root() -> Path:
    """The folder of the real data sets; skips where there is none."""
    root = os.environ.get("TRAINSTUDY_DATA_ROOT")
    if not root:
        pytest.skip("TRAINSTUDY_DATA_ROOT is not set: real data is not tested")
    return Path(root)


@pytest.fixture
def tiny_set():
    """A maker of small sets whose classes can be told by colour."""

    def make(count: int = 6, size: tuple[int, int] = (32, 48), name: str = "tiny", seed: int = 0):
        rng = np.random.default_rng(seed)
        classes = ("dark", "middle", "light")
        labels = rng.integers(0, 3, (count, size[0] // 8, size[1] // 8), dtype=np.uint8)
        labels = labels.repeat(8, axis=1).repeat(8, axis=2)
        noise = rng.integers(0, 40, (*labels.shape, 3), dtype=np.uint8)
        images = (labels[..., None] * 80 + noise).astype(np.uint8)
        names = tuple(f"{name}_{index}" for index in range(count))
        domains = tuple(("day", "dusk")[index % 2] for index in range(count))
        return SegmentationSet(name, classes, images, labels, names, domains)

    return make
