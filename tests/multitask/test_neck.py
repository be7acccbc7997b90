import torch
from torch import nn

from trainstudy.multitask.neck import FeaturePyramid

CHANNELS, SIZES = (3, 4, 5), ((9, 13), (5, 7), (3, 4))


def features():
    return [
        torch.randn(2, c, *size, requires_grad=True)
        for c, size in zip(CHANNELS, SIZES, strict=True)
    ]


def test_odd_sides_keep_their_sizes():
    levels = FeaturePyramid(CHANNELS, 32)(features())
    assert [level.shape for level in levels] == [(2, 32, *size) for size in SIZES]


def test_what_is_coarse_flows_into_what_is_fine_and_not_back():
    neck = FeaturePyramid(CHANNELS, 32)
    for place in range(3):
        given = features()
        neck(given)[place].square().sum().backward()
        assert [f.grad is not None for f in given] == [source >= place for source in range(3)]


def test_it_has_one_lateral_and_one_output_convolution_a_level():
    sizes = [m.kernel_size for m in FeaturePyramid(CHANNELS, 32).modules() if type(m) is nn.Conv2d]
    assert sorted(sizes) == 3 * [(1, 1)] + 3 * [(3, 3)]
