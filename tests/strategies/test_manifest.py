"""What all strategies that read generated images have in common."""

import numpy as np
import pytest

from trainstudy.data import generated
from trainstudy.strategies import STRATEGIES, get
from trainstudy.strategies._manifest import FromManifest

READERS = [name for name in STRATEGIES if isinstance(get(name), FromManifest)]


@pytest.fixture
def night(tmp_path):
    """A maker of the manifest of a set's negatives."""

    def write(train):
        images = ((index, "night", 255 - image) for index, image in enumerate(train.images))
        return generated.write(tmp_path, train, images)

    return write


def test_the_generators_of_the_study_that_need_trained_weights_read_a_manifest():
    assert READERS == [
        "gen_TSIT", "gen_UniControl", "gen_cycleGAN", "gen_cyclediffusion", "gen_flux_kontext",
        "gen_step1x_new", "gen_step1x_v1p2",
    ]  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_trains_on_the_images_of_its_manifest(name, tiny_set, night):
    train = tiny_set(4)
    found = get(name).generate(train, 0, night(train))
    assert np.array_equal(found.images, 255 - train.images)
    assert np.array_equal(found.labels, train.labels)
    assert (get(name).ratio, get(name).effective()) == (0.5, {"ratio": 0.5})


@pytest.mark.parametrize("name", READERS)
def test_without_a_manifest_nothing_is_trained(name, tiny_set, tmp_path):
    with pytest.raises(ValueError, match=rf"parameter 'manifest': strategy {name} reads generated"):
        get(name).generate(tiny_set(), 0, None)
    with pytest.raises(FileNotFoundError, match=r"gone.csv"):
        get(name).generate(tiny_set(), 0, tmp_path / "gone.csv")


def test_what_is_left_out_is_said_aloud(tiny_set, night):
    train = tiny_set(24)
    manifest = night(train)
    (manifest.parent / "night" / "tiny_3.png").unlink()
    with pytest.warns(UserWarning, match=r"23 of 24 rows used.*1 missing file"):
        found = get("gen_TSIT").generate(train, 0, manifest)
    assert len(found) == 23


def test_rows_of_training_images_under_another_data_set_s_name_are_told_aloud(tiny_set, night):
    train = tiny_set(24)
    manifest = night(train)
    manifest.write_text(manifest.read_text().replace(",tiny,", ",tyni,", 3))
    with pytest.warns(UserWarning, match=r"3 tyni \(3 of these rows name a training image\)"):
        found = get("gen_TSIT").generate(train, 0, manifest)
    assert len(found) == 21


def test_other_images_are_another_set_whatever_the_strategy_s_name(tiny_set, tmp_path, night):
    train = tiny_set(2)
    black = [(index, "night", np.zeros_like(image)) for index, image in enumerate(train.images)]
    other = generated.write(tmp_path / "black", train, black)
    first, second = (get(name).generate(train, 0, night(train)) for name in READERS[:2])
    assert first.fingerprint == second.fingerprint
    assert get(READERS[0]).generate(train, 0, other).fingerprint != first.fingerprint
