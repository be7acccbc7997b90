from copy import deepcopy

import pytest
import torch

from trainstudy.multitask.remedies import parse


@pytest.mark.parametrize(
    ("parts", "learning"),
    [
        ("backbone", {"neck", "head.branch", "head.output", "head.scales"}),
        ("backbone+neck", {"head.branch", "head.output", "head.scales"}),
        ("backbone+neck+branch", {"head.output", "head.scales"}),
    ],
)
def test_a_frozen_part_stays_to_the_bit_and_the_others_learn(parts, learning, network, toy):
    network.norm = "train"  # so that statistics would drift
    remedies = toy.begin(parse(f"frozen:parts={parts}"), network, toy.past_of(network, "seg"))
    before = deepcopy(network.state_dict())
    toy.train(network, "det", remedies, steps=3)
    after = network.state_dict()
    changed = {_part(name) for name in after if not torch.equal(before[name], after[name])}
    assert changed == learning


def _part(name):
    part, layer, *_ = name.split(".")
    return f"head.{layer}" if part == "head" else part


def test_nothing_but_own_rows_is_a_linear_probe(network, toy):
    past = toy.past_of(network, "seg", "det")
    remedies = toy.begin(parse("frozen:parts=backbone+neck+branch,own_rows"), network, past)
    images = toy.pixels(toy.task_set("cls"), range(4))
    before = network.eval()(images)
    toy.train(network, "cls", remedies, steps=3)
    after = network.eval()(images)
    for one, other in zip(before.maps, after.maps, strict=True):
        for task in ("seg", "det"):
            rows = network.channels[task]
            assert torch.equal(one[:, rows], other[:, rows])
        assert not torch.equal(one[:, network.channels["cls"]], other[:, network.channels["cls"]])


def test_a_frozen_part_sees_images_as_in_evaluation(network, toy):
    network.norm = "train"
    toy.begin(parse("frozen"), network, toy.past_of(network, "seg"))
    images = toy.pixels(toy.task_set("cls"), range(4))
    found = [network.train(mode)(images).neck for mode in (True, False)]
    assert all(map(torch.equal, *found))
