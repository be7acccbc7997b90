import dataclasses

import numpy as np
import pytest

from trainstudy.data import cache
from trainstudy.data.generated import labelled as module
from trainstudy.data.generated import read
from trainstudy.data.generated.labelled import labelled, room


def test_images_take_the_labels_and_names_of_their_originals(train):
    made = labelled("made", train, [3, 0, 3, 3], train.images[:4], ["fog", "fog", "fog", "rain"])
    assert np.array_equal(made.labels, train.labels[[3, 0, 3, 3]])
    assert made.names == ("tiny_3_fog", "tiny_0_fog", "tiny_3_fog_2", "tiny_3_rain")
    assert made.fingerprint == dataclasses.replace(made, name="examined").fingerprint


def test_more_than_memory_goes_to_a_file_without_a_name(manifest, train, tmp_path, monkeypatch):
    before = read(manifest, train).images
    monkeypatch.setenv(cache.CACHE, str(tmp_path / "cache"))
    monkeypatch.setattr(module, "IN_MEMORY", 0)
    after = read(manifest, train).images
    assert isinstance(after.images, np.memmap)
    assert isinstance(after.labels, np.memmap)
    assert after.fingerprint == before.fingerprint
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_full_disk_is_told_before_any_work(tmp_path, monkeypatch):
    monkeypatch.setenv(cache.CACHE, str(tmp_path / "cache"))
    with pytest.raises(OSError, match=r"GB free; TRAINSTUDY_CACHE names another folder.*cache"):
        room((2**30, 2**20))
