import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.multitask.weightings import get


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), factor=st.floats(0.1, 10))
def test_has_one_angle_to_every_gradient_whatever_the_scales(step, gradients, seed, factor):
    rows = gradients(seed, size=50) * torch.tensor([[factor], [1.0], [1.0]])
    weights, update = step(get("imtl_g")(("seg", "det", "cls"), 1), rows)
    lengths = rows @ update / rows.norm(dim=1)
    torch.testing.assert_close(lengths, lengths.mean().expand(3), rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(weights.sum(), torch.tensor(3.0))
