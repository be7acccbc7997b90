import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.multitask.weightings import get

seeds = st.integers(0, 10**6)


@settings(max_examples=25)
@given(seed=seeds)
def test_the_update_is_against_no_task(step, gradients, seed):
    rows = gradients(seed)
    _, update = step(get("upgrad")(("seg", "det", "cls"), 1), rows)
    assert (rows @ update >= -1e-3 * rows.norm(dim=1) * rows.norm()).all()


@settings(max_examples=25)
@given(seed=seeds, factor=st.floats(0.2, 5))
def test_every_task_counts_as_much_as_its_loss(step, gradients, seed, factor):
    """Linear under scaling of the rows: what a task adds grows with its loss."""
    rows = gradients(seed)

    def update(scales):
        return step(get("upgrad")(("seg", "det", "cls"), 1), scales[:, None] * rows)[1]

    ones, scaled = torch.ones(3), torch.tensor([factor, 1.0, 1.0])
    middle = update((ones + scaled) / 2)
    atol = 0.01 * float(rows.norm()) * max(1, factor)  # the projection is regularised
    torch.testing.assert_close(middle, (update(ones) + update(scaled)) / 2, rtol=0, atol=atol)
