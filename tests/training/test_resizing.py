import pytest
import torch
import torch.nn.functional as F

from trainstudy.training.resizing import bilinear, resize_by_products


@pytest.mark.parametrize("channels", [5, 40])
@pytest.mark.parametrize("align_corners", [False, True])
@pytest.mark.parametrize("size", [(96, 131), (40, 61), (7, 200)])
def test_products_resize_as_torch_does(channels, align_corners, size):
    inputs = torch.randn(2, channels, 40, 61, dtype=torch.float64).float().requires_grad_()
    grown = resize_by_products(inputs, size, align_corners)
    expected = F.interpolate(inputs, size, mode="bilinear", align_corners=align_corners)
    torch.testing.assert_close(grown, expected, atol=1e-5, rtol=1e-5)
    gradient = torch.randn_like(grown)
    torch.testing.assert_close(
        *(torch.autograd.grad(out, inputs, gradient)[0] for out in (grown, expected)),
        atol=1e-4, rtol=1e-4,
    )  # fmt: skip


def test_on_a_cpu_resizing_is_torchs_to_the_bit():
    inputs = torch.randn(2, 3, 10, 12)
    expected = F.interpolate(inputs, (33, 24), mode="bilinear", align_corners=False)
    assert torch.equal(bilinear(inputs, (33, 24)), expected)
