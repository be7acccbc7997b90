import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.multitask.weightings import get


def test_gradients_in_conflict_lose_what_opposes_the_other(make, step):
    rows = torch.tensor([[1.0, 0.0], [-1.0, 1.0]])
    _, update = step(make("pcgrad", ["seg", "det"]), rows)
    torch.testing.assert_close(update, torch.tensor([0.5, 0.5]) + torch.tensor([0.0, 1.0]))


@settings(max_examples=25)
@given(factor=st.floats(0.1, 10))
def test_without_conflict_losses_are_summed_as_they_are(step, factor):
    rows = torch.tensor([[1.0, 0.2], [0.3, 1.0]]) * torch.tensor([[factor], [1.0]])
    weights, update = step(get("pcgrad")(("seg", "det"), 1), rows)
    assert weights.tolist() == [1, 1]
    torch.testing.assert_close(update, rows.sum(0))


def test_the_order_is_drawn_from_the_generator_that_a_step_seeds(make, step):
    rows = torch.tensor([[1.0, 0.0], [-1.0, 0.2], [-0.5, -1.0]])

    def update(seed):
        torch.manual_seed(seed)
        return tuple(step(make("pcgrad"), rows)[1].tolist())

    assert update(3) == update(3)
    assert len({update(seed) for seed in range(8)}) > 1
