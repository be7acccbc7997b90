import pytest

from trainstudy.data import generated
from trainstudy.strategies import get


def test_a_folder_that_is_still_being_filled_is_refused(tiny_set, tmp_path):
    train = tiny_set(10)
    images = [(index, "snow", 255 - image) for index, image in enumerate(train.images)]
    manifest = generated.write(tmp_path, train, images)
    for index in range(5, 10):
        (tmp_path / "snowy" / f"tiny_{index}.png").unlink()
    with pytest.raises(generated.ManifestError, match=r"50% of its images are unsound.*5 missing"):
        get("gen_step1x_new").generate(train, 0, manifest)
