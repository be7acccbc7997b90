import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from trainstudy.data.generated.pixels import _alike, decode
from trainstudy.data.generated.report import UnsoundError

SIZE = (32, 24)


def reason(file, original):
    with pytest.raises(UnsoundError) as fault:
        decode(file, SIZE, original)
    return fault.value.reason


@pytest.fixture
def image(tmp_path, noise):
    def save(name, width, height, mode="RGB", **options):
        path = tmp_path / name
        Image.fromarray(noise(height, width, 3)).convert(mode).save(path, **options)
        return path

    return save


@pytest.mark.parametrize(("name", "options"), [("a.png", {}), ("a.webp", {"lossless": True})])
def test_an_image_of_the_training_size_keeps_its_bits(image, noise, name, options):
    assert np.array_equal(decode(image(name, *SIZE, **options), SIZE, SIZE), noise(24, 32, 3))


@pytest.mark.parametrize("mode", ["L", "P", "RGBA"])
def test_other_8_bit_formats_become_rgb(image, mode):
    assert decode(image("a.png", *SIZE, mode), SIZE, image("o.png", *SIZE)).shape == (24, 32, 3)


def test_16_bits_are_refused_rather_than_cut(tmp_path):
    Image.fromarray(np.full((24, 32), 40000, np.uint16)).save(tmp_path / "a.png")
    assert reason(tmp_path / "a.png", tmp_path) == "unreadable file"


def test_a_torn_file_and_another_format_are_unreadable(image, tmp_path):
    whole = image("a.png", *SIZE)
    whole.write_bytes(whole.read_bytes()[:-400])
    assert reason(whole, tmp_path) == "unreadable file"
    (tmp_path / "b.png").write_text("<html>404</html>")
    assert reason(tmp_path / "b.png", tmp_path) == "unreadable file"


def test_the_training_image_s_or_the_original_file_s_aspect_ratio_is_asked_for(image, tmp_path):
    assert decode(image("double.png", 64, 48), SIZE, tmp_path).shape == (24, 32, 3)
    square = image("square.png", 40, 40)
    assert reason(square, tmp_path) == "wrong size"
    assert reason(square, image("o.png", 80, 60)) == "wrong size"
    # the training images may have been squeezed out of square ones
    assert decode(square, SIZE, image("o.png", 80, 80)).shape == (24, 32, 3)


def test_a_resized_image_keeps_its_mean_colour(tmp_path):
    Image.new("RGB", (64, 48), (10, 100, 200)).save(tmp_path / "a.png")
    assert (decode(tmp_path / "a.png", SIZE, tmp_path) == (10, 100, 200)).all()


@given(st.integers(8, 4000), st.integers(8, 4000), st.floats(0.1, 10))
def test_rounding_to_pixels_is_forgiven_and_a_crop_is_not(width, height, scale):
    scaled = (max(round(width * scale), 1), max(round(height * scale), 1))
    assert _alike(scaled, (width, height))
    # where a tenth of the height is more than what a pixel of the narrower side may stand for
    if min(width, height) > 30 and scale > 1:
        assert not _alike((scaled[0], round(scaled[1] * 0.9)), (width, height))
