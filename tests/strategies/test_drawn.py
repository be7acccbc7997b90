from pathlib import Path

import numpy as np
import pytest

from trainstudy.strategies import get
from trainstudy.strategies._drawn import Drawn


class Painted(Drawn):
    def painters(self):
        return {
            "inverted": lambda image, seed, index: 255 - image,
            "numbered": lambda image, seed, index: np.full_like(image, 16 * seed + index),
        }


def test_every_image_is_drawn_once_in_every_domain_and_keeps_its_label(tiny_set):
    train = tiny_set(3)
    drawn = Painted().generate(train, 2, None)
    assert np.array_equal(drawn.images[::2], 255 - train.images)
    assert drawn.images[1::2, 0, 0, 0].tolist() == [32, 33, 34]
    assert np.array_equal(drawn.labels[::2], train.labels)
    assert np.array_equal(drawn.labels[1::2], train.labels)
    assert drawn.names[:3] == ("tiny_0_inverted", "tiny_0_numbered", "tiny_1_inverted")
    assert drawn.domains == ("inverted", "numbered") * 3
    assert drawn.classes == train.classes


@pytest.mark.parametrize("name", ["gen_automold", "gen_albumentations_weather"])
def test_a_manifest_is_refused_rather_than_left_unread(name, tiny_set):
    with pytest.raises(ValueError, match=r"parameter 'manifest': m.csv would not be read"):
        get(name).generate(tiny_set(), 0, Path("m.csv"))
