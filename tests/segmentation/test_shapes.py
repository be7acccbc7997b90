from dataclasses import replace

import pytest
import torch

from trainstudy.segmentation import shapes
from trainstudy.segmentation.models import build, configure
from trainstudy.segmentation.shapes import refuse_impossible
from trainstudy.training.randomness import seed_torch

BOTH = ["segformer_b0", "pspnet_r18"]


@pytest.mark.parametrize(
    ("name", "batch_size", "crop", "named"),
    [
        ("segformer_b0", 2, (7, 7), r"parameter 'crop': \[7, 7\] does not fit the model segformer"),
        ("segformer_b0", 1, (64, 7), r"parameter 'crop': \[64, 7\] does not fit"),
        ("pspnet_r18", 1, (64, 64), "parameter 'batch_size': 1 does not fit the model pspnet_r18"),
    ],
)
def test_what_is_refused_is_what_a_step_fails_at(name, batch_size, crop, named):
    config = configure(name, classes=3)
    with pytest.raises(ValueError, match=f"^{named}") as caught:
        refuse_impossible(config, batch_size, crop)
    module = build(config, 0).train()
    with pytest.raises((ValueError, RuntimeError)) as real:
        shapes.losses.training_loss(
            module, torch.zeros(batch_size, 3, *crop), torch.zeros(batch_size, *crop)
        )
    assert str(caught.value).endswith(str(real.value))


@pytest.mark.parametrize("name", BOTH)
def test_what_fits_passes_and_nothing_is_drawn(name):
    seed_torch(0, "shapes")
    before = torch.get_rng_state()
    for crop in ((32, 32), (33, 47), (512, 1024)):
        refuse_impossible(configure(name, classes=3), 2, crop)
    refuse_impossible(configure("segformer_b0", classes=3), 1, (64, 64))
    assert torch.equal(torch.get_rng_state(), before)


def test_common_shapes_cost_nothing(monkeypatch):
    monkeypatch.delattr(shapes, "_shape_of")
    refuse_impossible(configure("segformer_b0", classes=3), 2, (64, 96))


def test_both_are_named_where_neither_alone_helps(monkeypatch):
    fits = {(2, (512, 512))}
    monkeypatch.setattr(shapes, "_fault", lambda _, *shape: None if shape in fits else "no")
    with pytest.raises(ValueError, match=r"^parameters 'crop' and 'batch_size': \[8, 8\] and 1 do"):
        refuse_impossible(configure("segformer_b0", classes=3), 1, (8, 8))
    fits.clear()  # a model that the meta device cannot run
    refuse_impossible(configure("segformer_b0", classes=3), 1, (8, 8))


def test_a_model_that_goes_another_way_is_left_to_its_training():
    config = configure("segformer_b0", classes=3)
    model = {**config.model, "type": "CascadeEncoderDecoder", "num_stages": 1}
    model["decode_head"] = [config.model["decode_head"]]
    refuse_impossible(replace(config, model=model), 2, (7, 7))
