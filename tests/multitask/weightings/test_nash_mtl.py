import pytest
import torch


@pytest.mark.parametrize("scales", [(1, 1, 1), (10, 1, 1), (1, 0.1, 100)])
def test_every_task_gains_the_same_share_whatever_the_scales(make, step, gradients, scales):
    rows = gradients(0, size=50)
    scaled = rows * torch.tensor(scales)[:, None]
    weights, update = step(make("nash_mtl"), scaled)
    torch.testing.assert_close(weights * (scaled @ update), torch.ones(3), rtol=0.02, atol=0)
    torch.testing.assert_close(update, step(make("nash_mtl"), rows)[1], rtol=0.02, atol=0.02)


def test_starts_from_the_bargain_of_the_last_step(make, step, gradients):
    weighting = make("nash_mtl")
    rows = gradients(0)
    weights, _ = step(weighting, rows)
    torch.testing.assert_close(weighting.alpha.float(), weights * rows.norm(dim=1))
