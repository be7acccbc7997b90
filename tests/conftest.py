"""Fixtures of the whole test tree, and the rule that CI lets nothing skip."""

import json
import os
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from trainstudy.data.segmentation_set import SegmentationSet
from trainstudy.runs.record import CHECKPOINTS, CONFUSIONS, METRICS, RUN, STUDY, TESTS
from trainstudy.training import arms

# Properties are tried on the same examples each time, so that a change is what breaks a test;
# HYPOTHESIS_PROFILE=explore looks for others. None is timed: the first use of a library is slow.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=500, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

BOOK = "book"  # a fixture


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Under TRAINSTUDY_NO_SKIP a skipped test is a failed one."""
    report = (yield).get_result()
    if report.skipped and os.environ.get("TRAINSTUDY_NO_SKIP") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may: {report.longrepr[2]}"


def pytest_collection_modifyitems(items):
    """Of several processes one takes a whole file, and one all that want the built book, first:
    it takes longest to make."""
    items.sort(key=lambda item: BOOK not in item.fixturenames)
    for item in items:
        whole = BOOK if BOOK in item.fixturenames else str(item.path)
        item.add_marker(pytest.mark.xdist_group(whole))


@pytest.fixture(scope="session")
def data_root() -> Path:
    """The folder of the real data sets; skips where there is none."""
    root = os.environ.get("TRAINSTUDY_DATA_ROOT")
    if not root:
        pytest.skip("TRAINSTUDY_DATA_ROOT is not set: real data is not tested")
    return Path(root)


@pytest.fixture(scope="session")
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


@pytest.fixture
def write_study(tmp_path):
    """A maker of a study's folder as ``train_arms`` leaves it.

    ``score`` gives the validation mIoU for a seed, a leg and an iteration; the test mIoU is three
    points less, by day five more and at dusk five less.
    """

    def write(score=lambda seed, leg, at: 40.0 + at + seed, seeds=(0, 1), test=True, base=8):
        folder, listed = tmp_path / "study", []
        for seed in seeds:
            for leg in arms.plan(base, [1, 2], cooldown_share=0.25, floor=1e-4):
                name = f"{'base' if leg.name == 'frozen' else leg.name}-s{seed}"
                _write_leg(folder / name, leg, partial(score, seed, leg), test)
                listed.append({"seed": seed, "run": name, **asdict(leg)})
        given = {"base": base, "seeds": list(seeds), "model": "segformer_b0", "dataset": "camvid",
                 "strategy": "none"}  # fmt: skip
        content = {"parameters": given, "cost": 58, "legs": listed}
        (folder / STUDY).write_text(json.dumps(content))
        return folder

    return write


def _write_leg(run, leg, score, test):
    """What the training of one leg adds to the folder of its run."""
    for part in (CONFUSIONS, f"{CHECKPOINTS}/iter_{leg.until}"):
        (run / part).mkdir(parents=True, exist_ok=True)
    (run / CHECKPOINTS / f"iter_{leg.until}" / "model.safetensors").write_bytes(bytes(100))
    start = {"device": "cpu", "commit": "0123456789abcdef", "seconds": 1.5}
    (run / RUN).write_text(json.dumps({"iteration": leg.until, "starts": [start]}))
    with (run / METRICS).open("a") as metrics, (run / TESTS).open("a") as tests:

        def line(file, at, kind, **values):
            file.write(json.dumps({"iteration": at, "kind": kind, **values}) + "\n")

        def scored(file, at, level, **values):
            domains = {"day": level + 5, "dusk": level - 5}
            line(file, at, "val", **values, mIoU=level, domains=domains)

        for at in range(leg.start + 1, leg.until + 1):
            line(metrics, at, "train", loss=1 / at, lr=0.1)
            if at % 4 == 0 or at == leg.until:
                scored(metrics, at, score(at))
                line(metrics, at, "exposure", since=at - 4, real=8, generated=0, distinct=6)
                np.savez(run / CONFUSIONS / f"iter_{at}.npz", confusions=np.full((2, 3, 3), at))
            if test and at in leg.budgets:
                scored(tests, at, score(at) - 3, split="test")
                np.savez(run / CONFUSIONS / f"test_iter_{at}.npz", confusions=np.ones((1, 3, 3)))
    if not test:
        (run / TESTS).unlink()
