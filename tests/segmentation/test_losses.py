import pytest
import torch

from trainstudy.segmentation.losses import is_plain, sample_loss, training_loss
from trainstudy.segmentation.models import build, configure
from trainstudy.training.task import Batch


def drawn(count, maps=1):
    """Inputs [B,3,32,32] and labels [B,K,32,32] of three classes, the first rows ignored."""
    rng = torch.Generator().manual_seed(0)
    labels = torch.randint(0, 3, (count, maps, 32, 32), generator=rng).to(torch.uint8)
    labels[..., :5, :] = 255
    return torch.randn(count, 3, 32, 32, generator=rng), labels


@pytest.mark.parametrize(
    "name", ["segformer_b0", "pspnet_r18", "bisenetv1_r18-d32_4xb4-160k_cityscapes-1024x1024"]
)
def test_loss_and_gradients_of_all_heads_are_mmsegmentations(name):
    module = build(configure(name, classes=3), 0)
    assert is_plain(module)
    inputs, labels = drawn(2)
    found = []
    for loss in (training_loss, sample_loss):
        torch.manual_seed(0)  # for dropout
        value = loss(module, inputs, labels[:, 0])
        trained = [p for p in module.parameters() if p.requires_grad]
        found.append((value, *torch.autograd.grad(value, trained)))
    torch.testing.assert_close(*found, rtol=1e-5, atol=1e-7)  # measured: equal to the bit


@torch.no_grad()
def test_a_mixture_costs_what_its_parts_cost_by_their_shares(config):
    module = build(config, 0).eval()  # so that an image's loss does not depend on the others
    inputs, labels = drawn(2, maps=3)
    weights = torch.rand(2, 3, generator=torch.Generator().manual_seed(1))
    parts = torch.tensor([
        [training_loss(module, image[None], label[None]) for label in own]
        for image, own in zip(inputs, labels, strict=True)
    ])  # fmt: skip
    mixed = training_loss(module, inputs, labels, weights)
    torch.testing.assert_close(mixed, (weights * parts).sum(1).mean(), rtol=1e-5, atol=0)


@pytest.mark.parametrize(
    "name",
    [
        "stdc1_4xb12-80k_cityscapes-512x1024",  # hard pixels chosen, and a boundary loss
        "encnet_r50-d8_4xb2-40k_cityscapes-512x1024",  # a loss of its head's own
        "ocrnet_hr18s_4xb2-80k_cityscapes-512x1024",  # heads that read one another
        "cgnet_fcn_4xb4-60k_cityscapes-680x680",  # classes that weigh differently
    ],
)
def test_models_with_a_loss_of_their_own_are_left_to_mmsegmentation(name):
    assert not is_plain(build(configure(name, classes=3), 0))


def test_so_is_a_head_that_replaces_its_whole_loss():
    module = build(configure("segformer_b0", classes=3), 0)
    head = module.decode_head
    head.__class__ = type("Own", (type(head),), {"loss": lambda *_: None})
    assert not is_plain(module)


@pytest.mark.parametrize(
    ("part", "changes", "plain"),
    [
        ("loss_decode", {}, True),
        ("loss_decode", {"avg_non_ignore": True}, False),
        ("loss_decode", {"type": "DiceLoss", "use_sigmoid": False}, False),
        ("loss_decode", {"class_weight": [1.0, 2.0, 1.0]}, False),
        ("sampler", {"type": "OHEMPixelSampler", "min_kept": 10}, False),
    ],
)
@pytest.mark.parametrize("config", ["segformer_b0"], indirect=True)
def test_a_loss_counts_by_what_it_computes(task, config, part, changes, plain):
    head = config.model["decode_head"]
    head[part] = head.get(part, {}) | changes
    module = build(config, 0)
    assert is_plain(module) == plain
    task.module, task._plain = module, is_plain(module)
    batch = task.batch(1)
    expected = sample_loss(module, task._normalise(batch.images), batch.labels)
    torch.testing.assert_close(task.loss(batch), expected, rtol=1e-6, atol=0)
    mixed = Batch(batch.images, batch.labels[:, None], [], [], weights=torch.ones(2, 1))
    if plain:
        torch.testing.assert_close(task.loss(mixed), expected, rtol=1e-6, atol=0)
    else:
        with pytest.raises(ValueError, match="its loss by itself, from one label an image"):
            task.loss(mixed)
