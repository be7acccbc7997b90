import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.generation.tsit_generator import Fade, Generator, Stream, fadain


@given(seed=st.integers(0, 999), scale=st.floats(0.1, 10), shift=st.floats(-5, 5))
def test_fadain_gives_the_style_s_statistics_and_keeps_the_pattern(seed, scale, shift):
    draw = torch.Generator().manual_seed(seed)
    x = torch.randn(2, 3, 8, 8, generator=draw)
    style = torch.randn(2, 3, 4, 6, generator=draw) * scale + shift
    made = fadain(x, style)
    for ours, theirs in zip(
        torch.std_mean(made, (2, 3)), torch.std_mean(style, (2, 3)), strict=True
    ):
        torch.testing.assert_close(ours, theirs, rtol=0.02, atol=1e-3)
    pattern = torch.corrcoef(torch.stack((x[0, 0].flatten(), made[0, 0].flatten())))
    assert pattern[0, 1] == pytest.approx(1, abs=1e-4)


def test_fade_without_a_say_is_the_norm_alone():
    fade, x = Fade(3), torch.randn(4, 3, 8, 8) * 3 + 1
    torch.nn.init.zeros_(fade.steer.weight)
    torch.nn.init.zeros_(fade.steer.bias)
    torch.testing.assert_close(fade(x, torch.rand(4, 3, 8, 8)), fade.norm(x))


def test_a_stream_halves_the_size_at_every_scale():
    levels = Stream([2, 4, 8])(torch.rand(1, 3, 32, 48))
    assert [tuple(level.shape[1:]) for level in levels] == [(2, 32, 48), (4, 16, 24), (8, 8, 12)]


def test_both_images_decide_and_nothing_else(pair):
    torch.manual_seed(0)
    generator = Generator(width=4, depth=2)
    source, target = pair
    generator(source, target)  # statistics for the batch norm
    generator.eval()
    made, content = generator(source, target)
    assert len(content) == 3
    assert torch.equal(made, generator(source, target)[0])
    assert not torch.allclose(made, generator(source, target * 0.2)[0], atol=1e-3)
    assert not torch.allclose(made, generator(source.flip(-1), target)[0], atol=1e-3)
