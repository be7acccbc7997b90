import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from trainstudy.generation.diffusion._method import fit
from trainstudy.generation.diffusion.gen_flux_kontext import METHOD, FluxKontext

sides = st.integers(64, 4096)


@given(sides, sides, st.sampled_from([8, 16, 64]))
def test_a_fitted_size_is_the_nearest_that_the_model_takes(width, height, multiple):
    pixels = 1024 * 1024
    fitted = fit((width, height), pixels, multiple)
    scale = (pixels / (width * height)) ** 0.5
    for side, whole in zip(fitted, (width, height), strict=True):
        assert side % multiple == 0
        assert side >= multiple
        assert abs(side - whole * scale) <= multiple / 2 or side == multiple


def test_an_image_of_one_colour_is_no_image(monkeypatch):
    monkeypatch.setattr(FluxKontext, "paint", lambda *_: [Image.new("RGB", (16, 16))])
    originals = np.zeros((1, 24, 40, 3), np.uint8)
    with pytest.raises(RuntimeError, match=r"one colour; try precision float32"):
        METHOD.make(None, originals, ["day"], "night", [None], {}, 256)
