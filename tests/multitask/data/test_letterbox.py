import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from trainstudy.multitask.data import letterbox

SIDES = st.integers(1, 90)


@given(height=SIDES, width=SIDES, size=st.integers(16, 64))
def test_an_image_fits_and_the_rest_is_padding(height, width, size):
    pixels = np.full((height, width, 3), 200, np.uint8)
    image = letterbox.image(pixels, size)
    label = letterbox.label(np.full((height, width), 7, np.uint8), size, 255)
    content = (image == 200).all(-1)
    np.testing.assert_array_equal(content, label == 7)
    assert (image[~content] == letterbox.PADDING).all()
    rows, columns = content.any(1).sum(), content.any(0).sum()
    assert max(rows, columns) == size
    assert content[:rows, :columns].all()
    factor = letterbox.scale((height, width), size)
    for shown, side in ((rows, height), (columns, width)):
        assert shown == 1 or abs(shown - side * factor) <= 0.5


def test_labels_and_pixels_stay_in_place():
    blocks = np.kron(np.arange(6, dtype=np.uint8).reshape(2, 3), np.ones((8, 8), np.uint8))
    label = letterbox.label(blocks, 12, 255)
    assert label[[1, 5], :][:, [1, 5, 9]].tolist() == [[0, 1, 2], [3, 4, 5]]
    image = letterbox.image(np.repeat(blocks[..., None] * 40, 3, axis=2), 12)
    np.testing.assert_array_equal(image[:8, :, 0], label[:8] * 40)


def test_sixteen_bits_a_channel_are_refused(tmp_path):
    Image.fromarray(np.full((4, 4), 3000, np.uint16)).save(tmp_path / "deep.png")
    with pytest.raises(ValueError, match=r"deep\.png: cannot be read: mode I;16"):
        letterbox.read(tmp_path / "deep.png")
