"""Generated images that do not reach the model must not go unnoticed.

Those of the published study never did. Its training ran, and its log named the strategy. Two things
would have told: the exposure counted from the batches, and the canary, which asks the training
itself: with noise in place of the generated images its losses must change.
"""

from dataclasses import replace

import numpy as np
import pytest

from trainstudy.runs.record import read_metrics
from trainstudy.segmentation import run, task
from trainstudy.segmentation.store import Store
from trainstudy.segmentation.task import SegmentationTask
from trainstudy.strategies.gen_albumentations_weather import AlbumentationsWeather
from trainstudy.training.exposure import ExposureError
from trainstudy.training.randomness import generator

pytestmark = pytest.mark.usefixtures("narrow")

WEATHER = "gen_albumentations_weather"


class Noise(AlbumentationsWeather):
    """The same names and labels, and nothing to be seen."""

    def generate(self, train, seed, manifest):
        made = super().generate(train, seed, manifest)
        noise = generator(seed, "canary").integers(0, 256, made.images.shape, dtype=np.uint8)
        return replace(made, images=noise)


@pytest.fixture
def train(go, tmp_path, monkeypatch):
    """Train with images drawn by ``strategy``, the share of ``ratio`` in the batches."""

    def with_strategy(strategy, ratio, **given):
        strategy.ratio = ratio
        monkeypatch.setattr(run.strategies, "get", lambda name: strategy)
        root = tmp_path / type(strategy).__name__
        return go(strategy=WEATHER, runs_root=str(root), **given)

    return with_strategy


@pytest.fixture
def canary(train):
    """Of every iteration, whether its loss is another with noise for the generated images."""

    def changed(ratio):
        curves = [
            [row["loss"] for row in read_metrics(train(made, ratio), "train")]
            for made in (AlbumentationsWeather(), Noise())
        ]
        return [real != noise for real, noise in zip(*curves, strict=True)]

    return changed


@pytest.fixture
def batches(monkeypatch):
    """Every batch that a training makes from now on."""
    seen, make = [], SegmentationTask.batch

    def batch(task, iteration):
        seen.append(make(task, iteration))
        return seen[-1]

    monkeypatch.setattr(SegmentationTask, "batch", batch)
    return seen


@pytest.mark.parametrize(("ratio", "first"), [(0.5, 1), (0.2, 3), (0.1, 5)])
def test_noise_changes_the_losses_from_the_first_generated_image_on(canary, batches, ratio, first):
    assert canary(ratio) == [iteration >= first for iteration in range(1, 7)]
    assert [any(batch.generated) for batch in batches].index(True) + 1 == first


def test_what_the_record_says_was_seen_is_what_the_batches_held(train, batches, monkeypatch, given):
    """Whole images, neither cropped nor flipped, are known again by their pixels."""
    monkeypatch.setattr(task, "random_crop", lambda images, labels, *_: (images, labels))
    folder = train(AlbumentationsWeather(), 0.5, until=7, interval=3, batch_size=3)
    prepared = run.prepare(given(strategy=WEATHER))
    known = {
        image.tobytes(): (name, part is prepared.generated)
        for part in (prepared.sets.train, prepared.generated)
        for image, name in zip(part.images, part.names, strict=True)
    }
    rows = read_metrics(folder, "exposure")
    assert [(row["since"], row["iteration"]) for row in rows] == [(0, 3), (3, 6), (6, 7)]
    for row in rows:
        seen = [
            known[image.permute(1, 2, 0).numpy().tobytes()]
            for batch in batches[row["since"] : row["iteration"]]
            for image in batch.images
        ]
        generated = sum(made for _, made in seen)
        assert (row["generated"], row["real"]) == (generated, len(seen) - generated)
        assert row["distinct"] == len({name for name, _ in seen})
    assert sum(row["generated"] for row in rows) == 10  # half of 21, rounded down


def test_images_that_are_never_drawn_fail_the_run(train, monkeypatch):
    drawn = SegmentationTask._origins
    monkeypatch.setattr(
        SegmentationTask, "_origins", lambda *which: [(0, n % 8) for _, n in drawn(*which)]
    )
    with pytest.raises(ExposureError, match="of 20 images since iteration 0 none was generated"):
        train(AlbumentationsWeather(), 0.5, until=10, interval=10)


def test_images_that_are_drawn_half_as_often_as_asked_fail_the_run(train, monkeypatch):
    due = SegmentationTask._generated_by
    monkeypatch.setattr(SegmentationTask, "_generated_by", lambda t, count: due(t, count) // 2)
    with pytest.raises(ExposureError, match=r"0.5 gen.* of 80 images .* 20 were"):
        train(AlbumentationsWeather(), 0.5, until=10, interval=10, batch_size=8)


def test_where_the_flags_lie_the_canary_tells(canary, train, monkeypatch):
    gather = Store.gather
    monkeypatch.setattr(Store, "gather", lambda s, picks: gather(s, [(0, n % 8) for _, n in picks]))
    assert not any(canary(0.5))
    rows = read_metrics(train(Noise(), 0.5), "exposure")  # which has been trained
    assert [(row["generated"], row["real"]) for row in rows] == [(2, 2)] * 3
