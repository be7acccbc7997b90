import pytest
import torch
import torch.nn.functional as F
from torch import nn

from trainstudy.segmentation import gpu_layers


@pytest.mark.parametrize("channels", [5, 40])
@pytest.mark.parametrize("align_corners", [False, True])
@pytest.mark.parametrize("size", [(96, 131), (40, 61), (7, 200)])
def test_products_resize_as_torch_does(channels, align_corners, size):
    inputs = torch.randn(2, channels, 40, 61, dtype=torch.float64).float().requires_grad_()
    grown = gpu_layers.resize_by_products(inputs, size, align_corners)
    expected = F.interpolate(inputs, size, mode="bilinear", align_corners=align_corners)
    torch.testing.assert_close(grown, expected, atol=1e-5, rtol=1e-5)
    gradient = torch.randn_like(grown)
    torch.testing.assert_close(
        *(torch.autograd.grad(out, inputs, gradient)[0] for out in (grown, expected)),
        atol=1e-4, rtol=1e-4,
    )  # fmt: skip


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 3), (6, 6), (6, 4)])
def test_a_product_pools_as_torch_does(size):
    inputs = torch.randn(2, 8, 40, 61)
    torch.testing.assert_close(
        gpu_layers.pool_by_product(inputs, size), F.adaptive_avg_pool2d(inputs, size)
    )


def test_on_a_cpu_the_layers_are_torchs_to_the_bit():
    inputs = torch.randn(2, 8, 40, 61)
    module = nn.Sequential(nn.AdaptiveAvgPool2d(3))
    expected = module(inputs)
    gpu_layers.install(module)
    assert isinstance(module[0], gpu_layers.AdaptivePool)
    assert torch.equal(module(inputs), expected)
    resized = gpu_layers.resize(inputs, (80, 90), mode="bilinear", align_corners=False)
    assert torch.equal(resized, F.interpolate(inputs, (80, 90), mode="bilinear"))


@pytest.mark.filterwarnings("error")
def test_a_compiler_takes_the_weights_as_constants():
    """Made within the step they would be copied from the host at every replay of a graph."""
    gpu_layers.install(nn.Sequential())
    made = []

    def backend(graph, _):
        made.extend(str(n.target) for n in graph.graph.nodes if n.op.startswith("call"))
        return graph.forward

    inputs = torch.randn(2, 8, 12, 10)
    torch.compile(gpu_layers.resize_by_products, backend=backend)(inputs, (24, 20), False)
    torch.compile(gpu_layers.pool_by_product, backend=backend)(inputs, (3, 3))
    assert any("matmul" in name for name in made)
    assert not [name for name in made if any(part in name for part in ("eye", "interp", "arange"))]
