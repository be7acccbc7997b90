import numpy as np
import pytest

from trainstudy.data import generated
from trainstudy.strategies import get


def test_the_square_images_of_its_own_scripts_do_not_fit_the_labels(tiny_set, tmp_path):
    train = tiny_set(2)
    square = np.zeros((64, 64, 3), np.uint8)
    manifest = generated.write(tmp_path, train, [(0, "fog", square), (1, "fog", square)])
    with pytest.raises(generated.ManifestError, match=r"2 wrong size.*\n.*64x64, its original 48x"):
        get("gen_UniControl").generate(train, 0, manifest)
