import pytest
import torch

from trainstudy.multitask.remedies import Past, parse


def shifted(network, by, only=""):
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if only in name:
                parameter += by
    return network


def penalty(remedy, network):
    return remedy.penalty(network, None, None).item()


def test_the_fisher_matrix_is_the_mean_of_squares_over_single_images(network, toy):
    def steep(task, model, dataset, indices):
        assert len(indices) == 1
        return (indices[0] + 1) * sum(parameter.sum() for parameter in model.parameters())

    (remedy,) = parse("ewc:strength=6")
    remedy.begin(network, toy.past_of(network, "seg"), steep, 0)
    assert penalty(remedy, network) == 0
    size = sum(parameter.numel() for parameter in network.parameters())
    squares = sum(number**2 for number in range(1, 7)) / 6
    expected = 6 / 2 * squares * size * 0.01**2
    assert penalty(remedy, shifted(network, 0.01)) == pytest.approx(expected, rel=1e-3)


def test_every_earlier_task_pulls_towards_the_weights_it_left(network, toy):
    def flat(task, model, dataset, indices):  # F is 1 for seg and 4 for det
        slope = {"seg": 1, "det": 2}[task]
        return slope * model.head.output.bias.sum()

    first, second = toy.past_of(network, "seg"), toy.past_of(shifted(network, 1), "det")
    both = zip(vars(first).values(), vars(second).values(), strict=True)
    past = Past(*(one + other for one, other in both))
    (remedy,) = parse("ewc:strength=2")
    remedy.begin(network, past, flat, 0)
    size = network.head.output.bias.numel()
    for away in (0, 0.5, -1):  # from the second, so by one more from the first
        shifted(network, away)
        value = remedy.penalty(network, None, None)
        assert value.item() == pytest.approx(size * ((away + 1) ** 2 + 4 * away**2), rel=1e-4)
        shifted(network, -away)


def test_rows_of_other_tasks_are_free_and_shared_weights_are_not(network, toy):
    toy.train(network, "seg", steps=2)
    (remedy,) = toy.begin(parse("ewc"), network, toy.past_of(network, "seg"))
    rows = network.channels
    with torch.no_grad():
        network.head.output.weight[rows["det"]] += 1
        network.head.output.bias[rows["cls"]] += 1
        assert penalty(remedy, network) == 0
        network.head.output.weight[rows["seg"]] += 0.1
    held = penalty(remedy, network)
    assert held > 0
    assert penalty(remedy, shifted(network, 0.1, "backbone")) > held


def test_it_is_the_same_after_a_resume_and_with_fewer_images_another(network, toy):
    past = toy.past_of(network, "seg", "det")
    values = []
    for text in ("ewc", "ewc", "ewc:images=2"):
        (remedy,) = toy.begin(parse(text), network, past)
        values.append(penalty(remedy, shifted(network, 0.1)))
        shifted(network, -0.1)
        network.load_state_dict(past.weights[0])
    assert values[0] == values[1] != values[2]
