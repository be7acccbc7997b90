import pytest
import torch
import torch.nn.functional as F
from torch import nn

from trainstudy.segmentation import gpu_layers
from trainstudy.training.resizing import resize_by_products


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


def test_several_sizes_compile_as_one_graph():
    """A model resizes and pools to several sizes; on a GPU its whole step is one graph."""

    def layers(inputs):
        pooled = [gpu_layers.pool_by_product(inputs, (side, side)) for side in (1, 2, 3, 6)]
        return sum(resize_by_products(one, (24, 20), False) for one in pooled)

    inputs = torch.randn(2, 8, 12, 10, requires_grad=True)
    compiled = torch.compile(layers, backend="aot_eager", fullgraph=True)(inputs)
    torch.testing.assert_close(compiled, layers(inputs))
    compiled.sum().backward()
    assert inputs.grad is not None
