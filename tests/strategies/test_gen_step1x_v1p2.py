import pytest

from trainstudy.data import generated
from trainstudy.strategies import get


def test_an_edit_that_changed_nothing_is_no_generated_image(tiny_set, tmp_path):
    train = tiny_set(24)
    images = [(index, "rain", 255 - image) for index, image in enumerate(train.images)]
    images[7] = (7, "rain", train.images[7])
    manifest = generated.write(tmp_path, train, images)
    with pytest.warns(UserWarning, match="1 equal to its original"):
        found = get("gen_step1x_v1p2").generate(train, 0, manifest)
    assert "tiny_7_rainy" not in found.names
    assert len(found) == 23
