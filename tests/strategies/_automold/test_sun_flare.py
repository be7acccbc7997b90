import numpy as np

from trainstudy.strategies._automold import sun_flare


def test_the_sun_is_white_and_in_the_upper_half():
    black = np.zeros((180, 320, 3), np.uint8)
    for seed in range(10):
        seen = sun_flare.apply(black, np.random.default_rng(seed))
        row, column = divmod(int(seen.sum(2).argmax()), 320)
        assert row <= 90
        assert seen[row, column].min() > 250


def test_the_glare_fades_outwards_to_nothing():
    assert (np.diff(sun_flare.GLARE) >= 0).all()
    assert (sun_flare.GLARE[0], sun_flare.GLARE[-1]) == (0, 1)
    # discs one over the other, as they are painted
    opacity = np.linspace(1, 0, sun_flare.RINGS) ** 3
    left = 1.0
    for ring in reversed(range(sun_flare.RINGS)):
        left *= 1 - opacity[ring]
        assert np.isclose(sun_flare.GLARE[ring], left)


def test_a_white_image_keeps_its_sun_and_far_from_it_only_ghosts_are_seen(street):
    seen = sun_flare.apply(street, np.random.default_rng(0)).astype(int)
    unchanged = (seen == street).all(2).mean()
    assert unchanged > 0.2
