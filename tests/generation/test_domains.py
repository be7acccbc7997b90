import numpy as np
import pytest

from trainstudy import data
from trainstudy.data import synthetic
from trainstudy.data.segmentation_set import SegmentationData
from trainstudy.generation import domains


def assert_unpaired(found):
    names = [set(part.names) for part in found.parts.values()]
    assert len(set.union(*names)) == sum(map(len, names)), "no image has two roles"
    for role, part in found.parts.items():
        assert role == "source" or (part.labels == 255).all(), "only the source keeps labels"


@pytest.fixture
def few(monkeypatch, tiny_set):
    monkeypatch.setattr(domains, "TARGET_SCENES", 3)
    monkeypatch.setattr(domains, "HELD_OUT_SCENES", 2)
    sets = SegmentationData(tiny_set(), tiny_set(8, name="val"), crop=(32, 32))
    monkeypatch.setattr(data, "load", lambda *_: sets)
    return sets


def test_streets_of_the_target_are_nobody_else_s(few):
    found = domains.load("streets-new_town", "night")
    assert_unpaired(found)
    assert found.source is few.train
    assert [len(part) for part in list(found.parts.values())[1:]] == [3, 2, 2]
    seeds = {domains.TARGET_SEED, domains.HELD_OUT_SEED}
    assert len(seeds | {synthetic.TRAIN_SEED, synthetic.VAL_SEED}) == 4
    bright = found.held_out_source.images.mean()
    assert max(found.target.images.mean(), found.held_out_target.images.mean()) < 0.6 * bright


def test_both_cities_give_target_scenes(few):
    names = domains.load("streets", "foggy").target.names
    assert sum(name.startswith("old_town") for name in names) == len(names) / 2 == 3


def test_dusk_of_validation_is_split_between_learning_and_measuring(few):
    found = domains.load("camvid", "dusk")
    assert_unpaired(found)
    assert set(found.target.domains + found.held_out_target.domains) == {"dusk"}
    assert set(found.held_out_source.domains) == {"day"}
    assert len(found.target) + len(found.held_out_target) == few.val.domains.count("dusk")


def test_camvid_s_targets_are_val_dusk_and_never_test(data_root):
    found = domains.load("camvid", "dusk", str(data_root))
    rows = np.genfromtxt(data_root / "camvid/manifest.csv", str, delimiter=",", skip_header=1)
    subsets = {name: subset for name, *_, subset in rows.tolist()}
    for role, wanted in {"source": "train", "target": "val_dusk", "held_out_source": "val_day",
                         "held_out_target": "val_dusk"}.items():  # fmt: skip
        assert {subsets[name] for name in found.parts[role].names} == {wanted}
    assert_unpaired(found)
