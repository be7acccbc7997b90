import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from trainstudy.book.images import colour, gallery, legend
from trainstudy.data.classes import CLASSES, PALETTE


def picture(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (6, 9, 3), dtype=np.uint8)


def test_pictures_come_back_to_the_pixel_and_in_order():
    images = [picture(seed) for seed in range(4)]
    content = gallery([images[:2], images[2:]], ["a", "b"], "Scenes")._repr_html_()
    found = re.findall(r'src="data:image/webp;base64,([^"]+)"', content)
    for image, encoded in zip(images, found, strict=True):
        with Image.open(io.BytesIO(base64.b64decode(encoded))) as read:
            assert np.array_equal(np.asarray(read.convert("RGB")), image)


def test_titles_and_descriptions_are_escaped():
    shown = gallery([[picture(0)]], ["<b>"], 'a "scene"')
    assert 'alt="a &quot;scene&quot;: &lt;b&gt;"' in shown._repr_html_()
    assert "<b>" not in shown._repr_html_()
    assert repr(shown) == 'a "scene"'


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"\[1, 2\] images under 1 titles"):
        gallery([[picture(0)], [picture(1), picture(2)]], ["a"], "x")


def test_labels_take_the_palette_and_ignored_pixels_are_black():
    labels = np.array([[*range(len(CLASSES)), 255]], dtype=np.uint8)
    assert np.array_equal(colour(labels)[0, :-1], PALETTE)
    assert not colour(labels)[0, -1].any()


def test_the_legend_names_every_class_with_its_colour():
    shown = legend()._repr_html_()
    for name, (red, green, blue) in zip(CLASSES, PALETTE.tolist(), strict=True):
        assert f"rgb({red}, {green}, {blue})" in shown
        assert f">{name}</span>" in shown
