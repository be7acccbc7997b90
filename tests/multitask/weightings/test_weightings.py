"""What holds for every weighting; a weighting is one file, one test and one paragraph."""

import warnings
from pathlib import Path

import pytest
import torch
from torch import nn

from trainstudy.multitask.weightings import WEIGHTINGS, get
from trainstudy.paths import project_root

PAGE = project_root() / "book" / "method" / "weightings.md"
FACTOR = {"cagrad": 1.4}  # of the sum of the gradients, where nothing is to be balanced

every = pytest.mark.parametrize("name", WEIGHTINGS)


@every
def test_has_its_test_and_its_paragraph(name):
    assert Path(__file__).with_name(f"test_{name}.py").is_file()
    assert f"(weighting-{name})=" in PAGE.read_text()


@every
def test_gradients_have_the_strides_of_their_parameters(name, make):
    """Fused optimizers refuse others on GPUs, where networks are channels-last."""
    layer = nn.Conv2d(3, 4, 3)
    layer.to(memory_format=torch.channels_last)
    found = layer(torch.ones(2, 3, 5, 5))
    make(name).backward(found.mean((0, 2, 3))[:3], list(layer.parameters()))
    assert not layer.weight.is_contiguous()
    assert layer.weight.grad.stride() == layer.weight.stride()


def test_an_unknown_weighting_is_told_the_accepted_ones():
    with pytest.raises(ValueError, match=r"unknown weighting 'pcgard'; accepted: .*pcgrad"):
        get("pcgard")


@pytest.mark.parametrize(
    ("tasks", "epoch", "message"),
    [((), 1, "at least one"), (("seg", "seg"), 1, "each once"), (("seg",), 0, "at least 1 iter")],
)
def test_bad_arguments_are_refused(tasks, epoch, message):
    with pytest.raises(ValueError, match=message):
        get("equal")(tasks, epoch)


class Net(nn.Module):
    """Three losses; one weight is shared, one belongs to a task, one is frozen, one unused."""

    def __init__(self):
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            self.shared, self.own, self.frozen = nn.Linear(4, 3), nn.Linear(3, 3), nn.Linear(3, 3)
        self.unused = nn.Parameter(torch.ones(2))
        self.frozen.requires_grad_(False)

    def losses(self, iteration):
        inputs = torch.randn(6, 4, generator=torch.Generator().manual_seed(iteration))
        first, second, third = self.frozen(self.shared(inputs)).unbind(1)
        extra = self.own(torch.stack((first, second, third), 1)).pow(2).mean()
        return torch.stack(
            (first.pow(2).mean(), second.sub(3).pow(2).mean(), third.exp().mean() + extra)
        )


@every
def test_the_update_is_the_weighted_sum_and_leaves_frozen_parameters_out(name, make):
    net, weighting = Net(), make(name)
    parameters = list(net.parameters())
    used = [*net.shared.parameters(), *net.own.parameters()]
    for iteration in range(3):
        torch.manual_seed(iteration)
        net.zero_grad(set_to_none=True)
        weights = weighting.backward(net.losses(iteration), parameters)
        found = torch.cat([p.grad.flatten() for p in used])
        assert found.isfinite().all()
        assert found.any()
        if name != "graddrop":
            wanted = torch.autograd.grad(weights @ net.losses(iteration), used)
            torch.testing.assert_close(found, torch.cat([g.flatten() for g in wanted]))
    assert not weights.requires_grad
    assert all(p.grad is None for p in net.frozen.parameters())
    assert net.unused.grad is None or not net.unused.grad.any()


@every
def test_one_task_keeps_its_gradient(name, make, step, gradients):
    row = gradients(0, count=1)
    _, update = step(make(name, ["seg"]), row, [2.5])
    torch.testing.assert_close(update, FACTOR.get(name, 1) * row[0])


@every
def test_equal_losses_with_orthonormal_gradients_are_summed(name, make, step):
    _, update = step(make(name), torch.eye(3, 4))
    sum_of_all = FACTOR.get(name, 1) * torch.tensor([1.0, 1, 1, 0])
    torch.testing.assert_close(update, sum_of_all, rtol=1e-3, atol=1e-4)


@every
@pytest.mark.parametrize(
    "rows",
    [
        [[1, 2, 3], [-1, -2, -3], [0.3, 0, 0]],
        [[1, 2, 3], [2, 4, 6], [1, 2, 3]],
        [[1, 2, 3], [0, 0, 0], [3, -2, 1]],
        [[1e3, 2e3, 0], [-1e-3, 0, 1e-3], [0, -1, 1]],
    ],
    ids=["opposed", "collinear", "none", "unequal"],
)
def test_hard_gradients_give_a_finite_update_and_no_warning(name, rows, make, step):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, update = step(make(name), torch.tensor(rows, dtype=torch.float32))
    assert update.isfinite().all()


@every
def test_resumes_to_the_bit(name, make):
    def train(net, weighting, first, last):
        optimizer = torch.optim.SGD([*net.parameters(), *weighting.parameters()], lr=0.05)
        for iteration in range(first, last):
            torch.manual_seed(iteration)
            optimizer.zero_grad(set_to_none=True)
            weighting.backward(net.losses(iteration), list(net.parameters()))
            optimizer.step()
            weighting.updated(lambda at=iteration: net.losses(at))
            if iteration % 4 == 1:
                weighting.validated({"seg": 10.0 + iteration, "det": 9.0, "cls": 50.0})

    whole, part, resumed = ((Net(), make(name)) for _ in range(3))
    train(*whole, 0, 12)
    train(*part, 0, 6)
    for new, old in zip(resumed, part, strict=True):
        new.load_state_dict(old.state_dict())
    train(*resumed, 6, 12)
    for one, other in zip(whole, resumed, strict=True):
        assert_same(one.state_dict(), other.state_dict())


def assert_same(one, other):
    torch.testing.assert_close(dict(one), dict(other), rtol=0, atol=0)


@pytest.mark.parametrize("name", [name for name in WEIGHTINGS if get(name).capturable])
def test_what_may_be_captured_never_reads_the_device(name, make, step):
    with torch.device("meta"):  # whose tensors have no values to read
        weighting = make(name)
        weights, update = step(weighting, torch.ones(3, 4))
        weighting.updated(lambda: torch.ones(3))
    assert weights.is_meta
    assert update.is_meta
