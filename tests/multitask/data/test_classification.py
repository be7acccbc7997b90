import numpy as np
import pytest
from PIL import Image

from trainstudy.multitask.data import classification


@pytest.fixture
def folder(minis):
    return minis / "mini" / "imagenette_160"


def test_classes_are_numbered_as_the_text_lists_them(folder):
    (folder / "classes.txt").write_text("n02 golf ball\nn01 tench\n")
    train = classification.load(folder, "train", 32)
    assert train.classes == ("golf ball", "tench")
    np.testing.assert_array_equal(train.labels, [0, 0, 1, 1])
    assert train.names[0] == "n02/train0"


def test_grey_photographs_are_read_as_rgb(folder):
    path = folder / "train" / "n01" / "train0.png"
    Image.open(path).convert("L").save(path)
    image = classification.load(folder, "train", 40).images[0, :24]
    assert (image == image[..., :1]).all()


def test_folders_and_lines_that_do_not_fit_are_named(folder):
    (folder / "val" / "n03").mkdir()
    with pytest.raises(ValueError, match=r"val/n03: is not in classes\.txt"):
        classification.load(folder, "val", 32)
    with (folder / "classes.txt").open("a") as file:
        file.write("n03 church\n")
    with pytest.raises(ValueError, match=r"val/n03: holds no images"):
        classification.load(folder, "val", 32)
    with pytest.raises(ValueError, match=r"train/n03: no such folder of a class"):
        classification.load(folder, "train", 32)
    for text, said in (("n01\n", r":1: 'n01'; expected"), ("", ": names no class")):
        (folder / "classes.txt").write_text(text)
        with pytest.raises(ValueError, match=rf"classes\.txt{said}"):
            classification.load(folder, "train", 32)
    (folder / "classes.txt").unlink()
    with pytest.raises(ValueError, match=r"classes\.txt: cannot be read"):
        classification.load(folder, "train", 32)
