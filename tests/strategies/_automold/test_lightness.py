import colorsys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.strategies._automold.lightness import lightness, pixels, relight

COLOUR = st.tuples(*[st.integers(0, 255)] * 3)


def pixel(colour):
    return np.array([[colour]], np.uint8)


@given(COLOUR)
def test_lightness_is_that_of_hls(colour):
    expected = colorsys.rgb_to_hls(*(channel / 255 for channel in colour))[1]
    assert np.isclose(lightness(pixel(colour)) / 255, expected, atol=1e-6)


@given(COLOUR, st.floats(0, 255, width=32))
def test_hue_and_saturation_stay_unless_colour_would_outgrow_the_light(colour, wanted):
    seen = relight(pixel(colour), np.full((1, 1), wanted, np.float32))[0, 0].astype(float)
    hue, light, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in colour))
    exact = 255 * np.array(colorsys.hls_to_rgb(hue, wanted / 255, saturation))
    spread = max(colour) - min(colour)
    if np.ptp(exact) * light * 255 <= spread * wanted:
        assert np.abs(seen - exact).max() <= 0.51
    else:
        assert np.ptp(seen) <= spread * wanted / (light * 255) + 1
        assert abs((seen.max() + seen.min()) / 2 - wanted) <= 1


def test_the_same_lightness_keeps_every_bit(noise):
    image = noise(32, 48, 3)
    assert np.array_equal(relight(image, lightness(image)), image)


def test_sizes_scale_with_the_width(noise):
    assert [pixels(20, noise(9, width, 3)) for width in (1280, 640, 128)] == [20, 10, 2]
