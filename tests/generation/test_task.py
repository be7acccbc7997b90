import numpy as np
import pytest
import torch

from trainstudy.generation.cyclegan import CycleGAN
from trainstudy.generation.task import TranslationTask, random_crops
from trainstudy.training.randomness import generator


@pytest.fixture
def make(domains):
    def task(translator=None, seed=0, batch_size=2, **options):
        torch.manual_seed(0)
        translator = translator or CycleGAN(2, 1)
        return TranslationTask(
            translator, 1e-3, domains, seed=seed, batch_size=batch_size, crop=(32, 32), **options
        )

    return task


def test_a_batch_depends_on_seed_and_iteration_alone(make):
    task, twin, other = make(), make(), make(seed=1)
    for iteration in (3, 1, 7):
        twin.batch(iteration)
    for one, its in zip(task.batch(5).tensors, twin.batch(5).tensors, strict=True):
        assert torch.equal(one, its)
    assert not torch.equal(task.batch(5).images, other.batch(5).images)
    assert not torch.equal(task.batch(5).images, task.batch(6).images)


def test_each_half_of_a_batch_comes_from_its_domain_evenly(make, domains):
    task, seen = make(batch_size=2), []
    for iteration in range(1, 11):
        batch = task.batch(iteration)
        assert batch.images.shape == batch.labels.shape == (2, 3, 32, 32)
        assert batch.images.min() >= 130
        assert batch.labels.max() < 130
        assert len(batch.names) == len(batch.generated) == 4
        seen += batch.names
    assert {seen.count(name) for name in domains.source.names} == {4}
    assert {seen.count(name) for name in domains.target.names} == {5}


def test_crops_are_windows_of_their_image_flipped_or_not():
    image = torch.arange(8 * 9).view(1, 1, 8, 9).repeat(200, 3, 1, 1)
    draws = [generator(0, "crop", slot) for slot in range(200)]
    crops = random_crops(image, (4, 5), draws)[:, 0]
    across = crops[:, 0, 1] - crops[:, 0, 0]
    assert set(across.tolist()) == {1, -1}
    assert 60 <= (across < 0).sum() <= 140
    corners = torch.where(across > 0, crops[:, 0, 0], crops[:, 0, -1])
    assert {int(corner) // 9 for corner in corners} == set(range(5))
    assert {int(corner) % 9 for corner in corners} == set(range(5))


def test_bfloat16_gives_about_the_same_loss(make, translator):
    task = make(translator)
    batch = task.batch(1)
    loss = task.loss(batch).item()
    assert make(translator, precision=torch.bfloat16).loss(batch).item() == pytest.approx(
        loss, rel=0.03
    )


def test_whole_images_of_any_size_are_translated_alike_in_any_grouping(make, translator, domains):
    task = make(translator)
    task.module.eval()
    with torch.inference_mode():
        made = task.translate(domains.source.images)
        single = task.translate(domains.source.images, size=1)
    assert made.shape == domains.source.images.shape
    assert made.dtype == np.uint8
    assert np.abs(made.astype(int) - single).max() <= 1


def test_evaluation_depends_on_the_weights_alone_and_has_its_references(make, translator, domains):
    task = make(translator)
    task.module.eval()
    with torch.inference_mode():
        first, again = task.evaluate().values, task.evaluate().values
    assert first == again
    assert first["swd"].keys() == {"untranslated", "translated", "target"}
    assert first["swd"]["target"] < first["swd"]["untranslated"] / 2
    assert first["losses"].keys() == translator.weights.keys()
