import pytest
import torch

from trainstudy.multitask.network import (
    BACKBONES,
    CHANNELS,
    PARTS,
    STRIDES,
    Outputs,
    build,
    cls_logits,
    det_maps,
    part_of,
    seg_logits,
)

LITE = "efficientnet_lite0"
SMALL = "mobilenetv3_small"


def answers(outputs, size=(48, 64)):
    return {
        "seg": seg_logits(outputs, size),
        "det": torch.cat([maps.flatten(1) for maps in det_maps(outputs)], 1),
        "cls": cls_logits(outputs),
    }


@pytest.mark.parametrize("name", BACKBONES)
def test_every_backbone_makes_a_network_of_the_course(name):
    network = build(name, seed=0)
    assert sum(p.numel() for p in network.parameters()) < 8e6
    assert (network.norm == "frozen") == (name == LITE)
    outputs = network(torch.randn(2, 3, 70, 101))
    sizes = [(-(-70 // stride), -(-101 // stride)) for stride in STRIDES]
    assert [maps.shape for maps in outputs.maps] == [(2, 46, *size) for size in sizes]
    assert [maps.shape[2:] for maps in outputs.neck] == sizes
    assert seg_logits(outputs, (70, 101)).shape == (2, 21, 70, 101)
    assert cls_logits(outputs).shape == (2, 10)
    assert [maps.shape[1] for maps in det_maps(outputs)] == [15, 15, 15]


@pytest.mark.parametrize("name", BACKBONES)
def test_nothing_in_a_step_waits_for_the_device(name):
    # on the meta device there are no values: whatever looks at one raises
    network = build(name, seed=0).to("meta")
    outputs = network(torch.empty(2, 3, 64, 64, device="meta"))
    sum(value.sum() for value in answers(outputs).values()).backward()
    assert all(p.grad is not None for p in network.parameters())


@pytest.mark.parametrize("task", CHANNELS)
def test_every_task_reaches_all_parts_and_only_its_own_rows(task):
    network = build(SMALL, seed=0)
    answers(network(torch.randn(2, 3, 48, 64)))[task].square().sum().backward()
    reached = {part_of(name) for name, p in network.named_parameters() if p.grad is not None}
    assert reached == set(PARTS)
    rows = network.head.output.weight.grad.flatten(1).any(1).nonzero().flatten().tolist()
    assert rows == [*range(46)[network.channels[task]]]


def test_class_counts_are_the_callers():
    network = build(SMALL, 0, {"seg": 3, "det": 2, "cls": 4})
    outputs = network(torch.randn(2, 3, 32, 32))
    assert seg_logits(outputs, (32, 32)).shape[1] == 3
    assert det_maps(outputs)[0].shape[1] == 7
    assert cls_logits(outputs).shape == (2, 4)


def test_segmentation_is_the_sum_of_levels_and_classification_the_mean_of_the_coarsest():
    sizes = ((8, 8), (4, 4), (2, 2))
    maps = tuple(torch.full((1, 46, *size), 10.0**n) for n, size in enumerate(sizes))
    outputs = Outputs(maps, ())
    torch.testing.assert_close(seg_logits(outputs, (20, 30)), torch.full((1, 21, 20, 30), 111.0))
    torch.testing.assert_close(cls_logits(outputs), torch.full((1, 10), 100.0))


def buffers(network):
    return {name: value.clone() for name, value in network.named_buffers()}


@pytest.mark.parametrize("again", [False, True])
def test_frozen_statistics_stay_in_training_while_scale_and_shift_learn(again):
    network = build(LITE, seed=0)
    if again:
        network.eval().train()
    assert network.training
    before, images = buffers(network), torch.randn(3, 3, 64, 64)
    outputs = network(images)
    outputs.maps[0].sum().backward()
    assert all(torch.equal(before[name], value) for name, value in network.named_buffers())
    assert network.backbone.bn1.weight.grad is not None
    # an image gets the same answer whatever is beside it
    torch.testing.assert_close(network(images[:1]).maps[0], outputs.maps[0][:1])


def test_plain_batch_norm_follows_the_batches():
    network = build(LITE, seed=0, norm="train").train()
    before = buffers(network)
    network(torch.randn(3, 3, 64, 64))
    assert not any(torch.equal(before[n], v) for n, v in network.named_buffers() if "mean" in n)


def test_weights_follow_the_seed_and_leave_the_generator_alone():
    state = torch.get_rng_state()
    first, same, other = (build(LITE, seed).state_dict() for seed in (1, 1, 2))
    assert torch.equal(state, torch.get_rng_state())
    assert all(torch.equal(first[name], same[name]) for name in first)
    differ = {part_of(name) for name in first if not torch.equal(first[name], other[name])}
    assert differ == {"neck", "head"}, "the backbone is ImageNet's"
    bare = build(LITE, 1, weights=False)
    assert bare.norm == "train"
    differ = {part_of(n) for n, v in bare.state_dict().items() if not torch.equal(first[n], v)}
    assert differ == {"backbone"}


def test_half_precision_and_channels_last_change_the_answer_little():
    network, images = build(LITE, seed=0), torch.randn(2, 3, 48, 64)
    expected = answers(network(images))
    last = network.to(memory_format=torch.channels_last)
    moved = answers(last(images.to(memory_format=torch.channels_last)))
    with torch.autocast("cpu", torch.bfloat16):
        half = answers(last(images))
    for task, value in expected.items():
        torch.testing.assert_close(moved[task], value, rtol=1e-3, atol=1e-3)
        assert half[task].dtype == torch.float32
        assert (half[task] - value).norm() < 0.1 * value.norm()


def test_what_is_unknown_is_refused():
    with pytest.raises(ValueError, match="unknown norm 'batch'; accepted: frozen, train"):
        build(LITE, 0, norm="batch")
    with pytest.raises(ValueError, match=r"'other\.weight' is in none of backbone, neck, head"):
        part_of("other.weight")
