import numpy as np
import pytest
import torch
from torch import nn

from trainstudy.multitask.data import TaskSet
from trainstudy.multitask.decode import decode
from trainstudy.multitask.losses import detection_loss
from trainstudy.multitask.losses.detection import KINDS, hard_focal, quality_focal, varifocal
from trainstudy.multitask.metrics import detection_scores
from trainstudy.training.randomness import generator

SIDE, CLASSES = 64, 3
every_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def maps():
    rng = torch.Generator().manual_seed(0)
    drawn = [torch.randn(2, 5 + CLASSES, n, n, generator=rng) for n in (8, 4, 2)]
    for level in drawn:
        level[:, :4].abs_()
    return [level.requires_grad_() for level in drawn]


BOXES = torch.tensor([[[4.0, 4, 40, 30], [50, 50, 54, 53]], [[0, 0, 0, 0], [0, 0, 0, 0]]])
LABELS = torch.tensor([[2, 0], [-1, -1]])


@every_kind
def test_padding_changes_nothing(maps, kind):
    more = torch.cat([BOXES, torch.rand(2, 4, 4) * 60], 1), torch.full((2, 4), -1)
    padded = detection_loss(maps, more[0], torch.cat([LABELS, more[1]], 1), kind)
    torch.testing.assert_close(padded, detection_loss(maps, BOXES, LABELS, kind))


@every_kind
def test_images_without_boxes_teach_that_nothing_is_there(maps, kind):
    loss = detection_loss([level[1:] for level in maps], BOXES[1:], LABELS[1:], kind)
    loss.backward()
    for level in maps:
        assert (level.grad[1, 5:] > 0).all()  # every class becomes less likely
        assert (level.grad[1, :5] == 0).all()
        assert torch.isfinite(level.grad).all()


@every_kind
def test_no_host_waits_and_single_precision(maps, kind, without_host):
    without_host(lambda *t: detection_loss(t[:3], t[3], t[4], kind), *maps, BOXES, LABELS)
    half = detection_loss([level.bfloat16() for level in maps], BOXES, LABELS, kind)
    assert half.dtype == torch.float32


def test_variants_agree_where_targets_are_hard():
    logits = torch.randn(99, generator=torch.Generator().manual_seed(0))
    hard = (torch.arange(99) % 3 == 0).float()
    balance = torch.where(hard > 0, 0.25, 0.75)
    torch.testing.assert_close(hard_focal(logits, hard), balance * quality_focal(logits, hard))
    p = logits.sigmoid()
    by_hand = torch.where(hard > 0, -p.log(), -0.75 * p**2 * (1 - p).log())
    torch.testing.assert_close(varifocal(logits, hard), by_hand)


@pytest.mark.parametrize("kind", ["quality_focal", "bce"])
def test_soft_targets_are_where_the_loss_is_least(kind):
    targets = torch.linspace(0.05, 0.95, 19)
    logits = targets.logit().requires_grad_()
    KINDS[kind](logits, targets).sum().backward()
    torch.testing.assert_close(logits.grad, torch.zeros(19), atol=1e-6, rtol=0)


def test_another_kind_is_an_error(maps):
    with pytest.raises(ValueError, match="detection loss 'ce'; accepted: quality_focal, varifocal"):
        detection_loss(maps, BOXES, LABELS, "ce")


class Tiny(nn.Module):
    """Three levels from five strided convolutions, one branch over all."""

    def __init__(self, width=32):
        super().__init__()

        def halved(before):
            layer = nn.Conv2d(before, width, 3, 2, 1, bias=False)
            return nn.Sequential(layer, nn.GroupNorm(8, width), nn.ReLU())

        self.stem = nn.Sequential(halved(3), halved(width), halved(width))
        self.coarser = nn.ModuleList([halved(width), halved(width)])
        last = nn.Conv2d(width, 5 + CLASSES, 1)
        self.branch = nn.Sequential(nn.Conv2d(width, width, 3, 1, 1), nn.ReLU(), last)
        nn.init.constant_(last.bias[5:], -4.6)

    def forward(self, images):
        levels = [self.stem(images)]
        for layer in self.coarser:
            levels.append(layer(levels[-1]))
        raw = [self.branch(level) for level in levels]
        return [torch.cat([nn.functional.softplus(r[:, :4]), r[:, 4:]], 1) for r in raw]


def scenes(count):
    """Noise with one to three bright rectangles an image, red, green or blue."""
    rng = generator(0, "scenes")
    images = rng.normal(100, 10, (count, SIDE, SIDE, 3))
    boxes, labels = np.zeros((count, 3, 4), np.float32), np.full((count, 3), -1)
    for image in range(count):
        for slot in range(rng.integers(1, 4)):
            width, height = rng.integers(8, 33, 2)
            x, y = rng.integers(0, SIDE - width), rng.integers(0, SIDE - height)
            boxes[image, slot] = x, y, x + width, y + height
            labels[image, slot] = colour = rng.integers(CLASSES)
            images[image, y : y + height, x : x + width] *= 0.5
            images[image, y : y + height, x : x + width, colour] += 100
    return TaskSet(
        task="det",
        name="rectangles/train",
        classes=("red", "green", "blue"),
        images=images.clip(0, 255).astype(np.uint8),
        sizes=np.full((count, 2), SIDE),
        scales=np.ones(count),
        names=tuple(map(str, range(count))),
        labels=labels,
        boxes=boxes,
        crowd=np.zeros(labels.shape, bool),
        category_ids=(1, 5, 9),
    )


@every_kind
def test_a_small_network_learns_eight_images(kind):
    dataset = scenes(8)
    inputs = torch.from_numpy(dataset.images).permute(0, 3, 1, 2) / 100 - 1
    boxes, labels = torch.from_numpy(dataset.boxes), torch.from_numpy(dataset.labels)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        module = Tiny()
    optimizer = torch.optim.AdamW(module.parameters(), lr=5e-3)
    for _ in range(100):
        optimizer.zero_grad()
        detection_loss(module(inputs), boxes, labels, kind).backward()
        optimizer.step()
    assert detection_scores(decode(module(inputs)), dataset)["mAP50"] > 80
