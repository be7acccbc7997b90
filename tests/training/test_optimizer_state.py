import pytest
import torch
from torch import nn

from trainstudy.training.optimizer_state import flatten, restore


def trained(kind, steps):
    torch.manual_seed(0)
    module = nn.Linear(3, 2)
    optimizer = kind(module.parameters())
    for step in range(steps):
        optimizer.zero_grad()
        module(torch.full((1, 3), 1.0 + step)).sum().backward()
        optimizer.step()
    return module, optimizer


@pytest.mark.parametrize(
    "kind",
    [
        lambda p: torch.optim.AdamW(p, lr=0.1),
        lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
        lambda p: torch.optim.SGD(p, lr=0.1),
    ],
)
def test_a_restored_optimizer_takes_the_same_next_step(kind):
    module, optimizer = trained(kind, 3)
    twin, twin_optimizer = trained(kind, 0)
    twin.load_state_dict(module.state_dict())
    tensors = {key: value.clone() for key, value in flatten(optimizer, module).items()}
    restore(twin_optimizer, twin, tensors)
    for one, its in ((module, optimizer), (twin, twin_optimizer)):
        its.zero_grad()
        one(torch.ones(1, 3)).sum().backward()
        its.step()
    assert torch.equal(module.weight, twin.weight)


def test_a_parameter_the_module_lacks_is_named():
    module, optimizer = trained(torch.optim.AdamW, 0)
    with pytest.raises(KeyError, match="other"):
        restore(optimizer, module, {"other/exp_avg": torch.zeros(1)})
