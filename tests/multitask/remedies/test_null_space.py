from copy import deepcopy

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.multitask.remedies import parse
from trainstudy.multitask.remedies.null_space import covariances, directions, without


def test_outputs_for_earlier_images_stay_where_the_same_training_moves_them(network, toy):
    images = toy.pixels(toy.task_set("seg"), range(6))
    rows = network.channels["seg"]
    moved = []
    for remedies in ("frozen,null_space:energy=0.999999,own_rows", "frozen,own_rows"):
        model = deepcopy(network).eval()
        past = toy.past_of(model, "seg")
        with torch.no_grad():
            before = model(images).maps[-1]
        toy.train(model, "cls", toy.begin(parse(remedies), model, past), steps=10)
        with torch.no_grad():
            moved.append((model(images).maps[-1] - before)[:, rows].abs().max())
    assert moved[0] < 0.2 * moved[1]


def test_weights_move_and_norms_do_not(network, toy):
    before = deepcopy(network.state_dict())
    past = toy.past_of(network, "cls", "det")
    remedies = toy.begin(parse("null_space:energy=0.9"), network, past)
    toy.train(network, "seg", remedies, steps=3)  # which learns from all levels
    for name, value in network.state_dict().items():
        if name.startswith(("neck.", "head.branch.")):
            assert torch.equal(before[name], value) == (value.ndim == 1), name


@pytest.mark.parametrize("parts", ["backbone+neck", "backbone+neck+branch"])
@pytest.mark.parametrize("text", ["frozen:parts={},null_space", "null_space,frozen:parts={}"])
def test_what_is_frozen_beside_it_stays(network, toy, text, parts):
    before = deepcopy(network.state_dict())
    remedies = toy.begin(parse(text.format(parts)), network, toy.past_of(network, "cls"))
    toy.train(network, "seg", remedies, steps=3)
    moved = {
        name for name, value in network.state_dict().items() if not torch.equal(before[name], value)
    }
    assert any(name.startswith("head.output") for name in moved)
    assert not any(name.startswith(("backbone.", "neck.")) for name in moved)
    branch = any(name.startswith("head.branch.") for name in moved)
    assert branch == (not parts.endswith("branch"))


def test_measuring_moves_no_statistics(toy):
    model = toy.network("train")
    before = deepcopy(model.state_dict())
    (remedy,) = parse("null_space")
    remedy.begin(model, toy.past_of(model, "seg"), toy.loss, 0)
    assert model.training
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


def test_the_first_stage_is_free(network, toy):
    toy.begin(parse("null_space"), network, toy.past_of(network))
    assert all(parameter.requires_grad for parameter in network.parameters())


@given(seed=st.integers(0, 1000), energy=st.floats(0.01, 0.99))
def test_the_fewest_directions_that_hold_the_energy(seed, energy):
    seen = torch.randn(7, 30, generator=torch.Generator().manual_seed(seed))
    covariance = seen @ seen.T
    kept = directions(covariance, energy)
    torch.testing.assert_close(kept.T @ kept, torch.eye(kept.shape[1]), atol=1e-5, rtol=0)
    held = (kept * (covariance @ kept)).sum(0) / covariance.trace()
    assert held.sum() > energy - 1e-4
    assert held[:-1].sum() < energy + 1e-4


def test_a_change_without_them_changes_nothing_that_was_seen():
    generator = torch.Generator().manual_seed(0)
    layer = torch.nn.Conv2d(8, 4, 3, padding=1, bias=False)
    images = torch.randn(2, 8, 2, 2, generator=generator)  # 8 positions span less than 72
    with torch.no_grad(), covariances({"layer": layer}) as sums:
        layer(images)
    change = torch.randn(4, 8, 3, 3, generator=generator)
    allowed = without(change, directions(sums["layer"], 0.999999))
    assert F.conv2d(images, allowed, padding=1).abs().max() < 0.01
    assert F.conv2d(images, change, padding=1).abs().max() > 1
    assert F.conv2d(images.flip(1), allowed, padding=1).abs().max() > 1
    torch.testing.assert_close(without(allowed, directions(sums["layer"], 0.9)), allowed)


def test_covariances_are_those_of_patches():
    layer = torch.nn.Conv2d(2, 1, 1, bias=False)
    images = torch.tensor([[[[1.0, 2.0]], [[3.0, 4.0]]]])
    with torch.no_grad(), covariances({"layer": layer}) as sums:
        layer(images)
        layer(images)
    pixels = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    torch.testing.assert_close(sums["layer"], 2 * pixels @ pixels.T)
    assert not layer._forward_pre_hooks


def test_hooks_go_when_the_images_fail():
    layer = torch.nn.Conv2d(2, 1, 1, bias=False)

    def fail():
        with covariances({"layer": layer}):
            assert layer._forward_pre_hooks
            raise RuntimeError("no image")

    with pytest.raises(RuntimeError, match="no image"):
        fail()
    assert not layer._forward_pre_hooks


def test_fewer_images_are_another_space(network, toy):
    past = toy.past_of(network, "seg")
    spaces = []
    for images in (1, "all"):
        (remedy,) = toy.begin(parse(f"null_space:images={images}"), deepcopy(network), past)
        spaces.append(sum(kept.shape[1] for kept in remedy._kept.values()))
    assert spaces[0] < spaces[1]
