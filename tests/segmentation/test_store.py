import numpy as np
import pytest
import torch

from trainstudy.segmentation import store
from trainstudy.segmentation.store import Store

CPU, GPU = torch.device("cpu"), torch.device("cuda")


@pytest.fixture(params=["host", "device"])
def picked(request, tiny_set, monkeypatch):
    """Two sets and a store of them, in host memory or kept where the model is."""
    resident = request.param == "device"
    monkeypatch.setattr(store, "_fits", lambda *_: resident)
    sets = [tiny_set(5), tiny_set(3, name="generated", seed=1)]
    made = Store(sets, CPU)
    assert made.resident == resident
    return sets, made


def test_what_was_picked_is_what_the_sets_hold(picked):
    sets, made = picked
    chosen = [(1, 2), *((source, sample) for source in (0, 1) for sample in (0, 2, 1)), (0, 4)]
    images, labels = made.gather(chosen)
    assert (images.dtype, labels.dtype) == (torch.uint8, torch.uint8)
    for place, (source, sample) in enumerate(chosen):
        expected = np.moveaxis(sets[source].images[sample], -1, 0)
        np.testing.assert_array_equal(images[place], expected)
        np.testing.assert_array_equal(labels[place], sets[source].labels[sample])


def test_what_becomes_of_a_batch_leaves_the_sets_alone(picked):
    sets, made = picked
    before = sets[1].images.copy()
    for part in made.gather([(1, 0), (1, 2)]):
        part.zero_()
    np.testing.assert_array_equal(sets[1].images, before)
    np.testing.assert_array_equal(np.moveaxis(before[0], -1, 0), made.gather([(1, 0)])[0][0])


def test_only_what_leaves_a_gpu_room_is_kept_there(monkeypatch):
    assert not store._fits(1, CPU)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (1000, 2000))
    assert store._fits(int(1000 * store.SHARE) - 1, GPU)
    assert not store._fits(int(1000 * store.SHARE), GPU)
