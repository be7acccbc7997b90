from copy import deepcopy

import pytest
import torch

from trainstudy.multitask.network import part_of
from trainstudy.multitask.remedies import parse


@pytest.mark.parametrize("parts", ["backbone", "backbone+neck"])
def test_a_frozen_part_stays_to_the_bit_and_the_others_learn(parts, network, toy):
    network.norm = "train"  # so that statistics would drift
    remedies = toy.begin(parse(f"frozen:parts={parts}"), network, toy.past_of(network, "seg"))
    before = deepcopy(network.state_dict())
    toy.train(network, "det", remedies, steps=3)
    after = network.state_dict()
    changed = {part_of(name) for name in after if not torch.equal(before[name], after[name])}
    assert changed == {"backbone", "neck", "head"} - set(parts.split("+"))


def test_a_frozen_part_sees_images_as_in_evaluation(network, toy):
    network.norm = "train"
    toy.begin(parse("frozen"), network, toy.past_of(network, "seg"))
    images = toy.pixels(toy.task_set("cls"), range(4))
    found = [network.train(mode)(images).neck for mode in (True, False)]
    assert all(map(torch.equal, *found))
