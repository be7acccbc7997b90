from collections import Counter

import numpy as np
import pytest
import torch

from trainstudy.segmentation.models import build, build_optimizer, configure
from trainstudy.segmentation.task import SegmentationTask
from trainstudy.strategies import Strategy

CONFIG = configure("segformer_b0", classes=3)


class Half(Strategy):
    ratio = 0.5


@pytest.fixture
def make(tiny_set):
    def task(ratio=0.0, batch_size=4, seed=0):
        model = build(CONFIG, 0)
        strategy = Half()
        strategy.ratio = ratio
        generated = tiny_set(10, name="generated", seed=1) if ratio else None
        return SegmentationTask(
            model, build_optimizer(CONFIG, model, 1e-3), tiny_set(6), tiny_set(4, seed=2), strategy,
            generated, seed=seed, batch_size=batch_size, crop=(32, 48),
        )  # fmt: skip

    return task


def test_a_batch_depends_on_seed_and_iteration_alone(make):
    task, twin, other = make(), make(), make(seed=1)
    for iteration in (3, 1, 7):
        twin.batch(iteration)
    assert torch.equal(task.batch(5).images, twin.batch(5).images)
    assert not torch.equal(task.batch(5).images, other.batch(5).images)
    assert not torch.equal(task.batch(5).images, task.batch(6).images)


@pytest.mark.parametrize(("ratio", "batch_size"), [(0.5, 4), (0.3, 4), (0.5, 3), (0.9, 2)])
def test_mixing_keeps_its_ratio_and_passes_over_both_sets_evenly(make, ratio, batch_size):
    task = make(ratio, batch_size)
    seen: Counter = Counter()
    generated = 0
    for iteration in range(1, 61):
        batch = task.batch(iteration)
        assert all(
            name.startswith("generated") == flag
            for name, flag in zip(batch.names, batch.generated, strict=True)
        )
        generated += sum(batch.generated)
        seen.update(batch.names)
        assert generated == int(ratio * batch_size * iteration)
    for prefix in ("tiny", "generated"):
        counts = [seen[name] for name in seen if name.startswith(prefix)]
        assert max(counts) - min(counts) <= 1


def test_the_loss_falls_and_evaluation_sees_it(make):
    task = make(batch_size=6)
    torch.manual_seed(0)
    first = None
    for iteration in range(1, 31):
        loss = task.loss(task.batch(iteration))
        task.optimizer.zero_grad()
        loss.backward()
        task.optimizer.step()
        first = first or loss.item()
    assert loss.item() < 0.8 * first
    task.module.eval()
    with torch.inference_mode():
        evaluation = task.evaluate()
    assert evaluation.confusions.shape == (4, 3, 3)
    assert evaluation.confusions.sum() == task.val.labels.size
    assert set(evaluation.values["domains"]) == {"day", "dusk"}
    assert evaluation.values["mIoU"] > 20


def test_evaluation_is_at_the_images_own_size_and_order(make):
    task = make()
    task.module.eval()
    with torch.inference_mode():
        prediction = task.predict(task.val.images)
        matrices = task.confusions(task.val)
    assert prediction.shape == task.val.labels.shape
    for image in range(len(task.val)):
        hits = (prediction[image].numpy() == task.val.labels[image]).sum()
        assert np.trace(matrices[image]) == hits
