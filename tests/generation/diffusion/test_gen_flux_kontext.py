import numpy as np
import pytest
import torch
from PIL import Image

from trainstudy.generation.diffusion._method import fit
from trainstudy.generation.diffusion.gen_flux_kontext import METHOD


def test_sizes_are_those_the_model_was_trained_at_to_a_step(weights):
    weights("gen_flux_kontext")  # skips where diffusers is not installed
    from diffusers.pipelines.flux.pipeline_flux_kontext import PREFERRED_KONTEXT_RESOLUTIONS

    for size in PREFERRED_KONTEXT_RESOLUTIONS:
        fitted = fit(size, METHOD.pixels, METHOD.multiple)
        assert np.abs(np.subtract(fitted, size)).max() <= METHOD.multiple


@pytest.mark.parametrize("size", [(48, 32), (16, 64)])
def test_the_image_is_read_at_the_size_it_is_made_at(weights, size, monkeypatch):
    pipe = METHOD.load(str(weights("gen_flux_kontext")), "float32")
    pipe.set_progress_bar_config(disable=True)
    read, encode = [], pipe.vae.encode
    monkeypatch.setattr(pipe.vae, "encode", lambda x: (read.append(x.shape[:1:-1]), encode(x))[1])
    draws = [torch.Generator().manual_seed(seed) for seed in range(2)]
    images = [Image.new("RGB", size, colour) for colour in ("red", "blue")]
    arguments = {**METHOD.arguments, "num_inference_steps": 1}
    made = METHOD.paint(pipe, images, ["day"] * 2, "night", draws, arguments)
    assert {tuple(shape) for shape in read} == {image.size for image in made} == {size}
    assert not np.array_equal(*map(np.asarray, made))
