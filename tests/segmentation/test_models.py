import pytest
import torch
from torch.nn import ModuleList

from trainstudy.segmentation.models import (
    ALIASES,
    build,
    build_optimizer,
    configure,
    resolve_name,
    zoo,
)

REPORTED = [*(f"segformer_b{n}" for n in range(6)), *(f"pspnet_r{n}" for n in (18, 50, 101))]


@pytest.mark.parametrize("name", REPORTED)
def test_models_of_the_report_train_a_step_and_predict(name):
    config = configure(name, classes=5)
    model = build(config, seed=0)
    optimizer = build_optimizer(config, model, None)
    assert optimizer.param_groups[0]["lr"] == config.optimizer["optimizer"]["lr"]
    images = torch.rand(2, 3, 32, 32)
    features = model.extract_feat(images)
    logits = model.decode_head(features)
    assert logits.shape[:2] == (2, 5)
    logits.mean().backward()
    before = model.decode_head.conv_seg.weight.detach().clone()
    optimizer.step()
    assert not torch.equal(before, model.decode_head.conv_seg.weight)


@pytest.mark.parametrize(
    "name",
    [
        "bisenetv2_fcn_4xb4-160k_cityscapes-1024x1024",
        "deeplabv3plus_r50-d8_4xb2-80k_cityscapes-512x1024",
        "fast_scnn_8xb4-160k_cityscapes-512x1024",
        "fcn_hr18s_4xb2-80k_cityscapes-512x1024",
        "swin-tiny-patch4-window7-in1k-pre_upernet_8xb2-160k_ade20k-512x512",
    ],
)
def test_others_of_the_zoo_build(name):
    model = build(configure(name, classes=4), seed=0)
    heads = model.decode_head if isinstance(model.decode_head, ModuleList) else [model.decode_head]
    assert all(head.num_classes == 4 for head in heads)


def test_weights_follow_the_seed():
    config = configure("pspnet_r18", classes=3)
    first, same, other = (build(config, seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(first[key], same[key]) for key in first)
    assert not all(torch.equal(first[key], other[key]) for key in first)


def test_learning_rate_overrides_and_keeps_the_multipliers():
    config = configure("segformer_b0", classes=3)
    groups = build_optimizer(config, build(config, 0), 0.01).param_groups
    assert {round(group["lr"], 4) for group in groups} == {0.01, 0.1}


def test_no_configuration_asks_for_weights_from_a_hub():
    for name in REPORTED:
        assert "checkpoint" not in str(configure(name, classes=3).model)


def test_every_alias_ends_at_a_configuration():
    assert all(resolve_name(alias) in zoo() for alias in ALIASES)


def test_an_unknown_model_is_told_what_there_is():
    with pytest.raises(ValueError, match=r"unknown model 'segformer_b9'; accepted: .*segformer_b0"):
        resolve_name("segformer_b9")
