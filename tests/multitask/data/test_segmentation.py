import numpy as np
import pytest
from PIL import Image

from trainstudy.multitask.data import segmentation


@pytest.fixture
def folder(minis):
    return minis / "mini" / "mini_voc_seg"


def test_ids_are_those_of_the_palette_and_originals_keep_their_size(folder):
    train = segmentation.load(folder, "train", 20)
    assert train.names == ("train0", "train1")
    np.testing.assert_array_equal(train.originals[0][0, ::10], [0, 1, 20, 255])
    assert train.originals[0].shape == (24, 40)
    np.testing.assert_array_equal(train.labels[0, 0, ::5], [0, 1, 20, 255])
    assert (train.extents == [12, 20]).all()
    assert (train.labels[:, 12:] == 255).all()


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_mask_of_colours_or_greys_is_refused(folder, mode):
    path = folder / "train" / "masks" / "train1.png"
    Image.open(path).convert(mode).save(path)
    said = {"L": r"holds ids 38, 52, 220; .*converted to grey\?", "RGB": r"is of mode RGB"}[mode]
    with pytest.raises(ValueError, match=rf"train1\.png: {said}"):
        segmentation.load(folder, "train", 20)


def test_ids_outside_the_classes_are_listed(folder, save):
    save(folder / "train" / "masks" / "train0.png", np.full((24, 40), 21, np.uint8))
    with pytest.raises(ValueError, match=r"train0\.png: holds ids 21; accepted: 0\.\.20 and 255$"):
        segmentation.load(folder, "train", 20)


def test_a_mask_with_a_palette_of_its_own_is_refused(folder):
    path = folder / "train" / "masks" / "train0.png"
    mask = Image.open(path)
    # ids as they are, in a palette that ends with the last of them
    short = Image.fromarray(np.minimum(np.asarray(mask), 1))
    short.putpalette([0, 0, 0, 128, 0, 0])
    short.save(path)
    segmentation.load(folder, "train", 20)
    mask.convert("RGB").quantize(4).save(path)  # 0, 1, 20 and 255 become 0 to 3
    assert np.unique(Image.open(path)).tolist() == [0, 1, 2, 3]
    with pytest.raises(ValueError, match=r"train0\.png: its palette has \[.* for id 0, VOC's"):
        segmentation.load(folder, "train", 20)


def test_a_mask_without_its_image_is_named(folder):
    lost = folder / "train" / "images" / "train1.png"
    lost.rename(lost.with_suffix(".jpg2"))
    with pytest.raises(ValueError, match=r"masks/train1\.png: has no image in .*train/images; acc"):
        segmentation.load(folder, "train", 20)


def test_missing_damaged_and_wrongly_sized_files_are_named(folder, save):
    mask, image = (folder / "train" / part / "train0.png" for part in ("masks", "images"))
    kept = mask.read_bytes()
    save(mask, np.zeros((40, 24), np.uint8))
    with pytest.raises(ValueError, match=r"train0\.png: is 40x24 pixels, its mask 24x40"):
        segmentation.load(folder, "train", 20)
    mask.write_bytes(kept[:60])
    with pytest.raises(ValueError, match=r"masks/train0\.png: cannot be read"):
        segmentation.load(folder, "train", 20)
    mask.unlink()
    with pytest.raises(ValueError, match=r"masks/train0\.png: no such mask"):
        segmentation.load(folder, "train", 20)
    image.write_bytes(b"none")
    with pytest.raises(ValueError, match=r"images/train0\.png: cannot be read"):
        segmentation.load(folder, "train", 20)
    with pytest.raises(ValueError, match=r"spare/images: holds no images"):
        segmentation.load(folder, "spare", 20)
