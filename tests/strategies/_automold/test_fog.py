import numpy as np

from trainstudy.strategies._automold import fog


def fogged(image, seed):
    return fog.apply(image, np.random.default_rng(seed)).astype(int)


def test_fog_whitens_and_flattens(street):
    for seed in range(10):
        seen = fogged(street, seed)
        assert seen.mean() > street.mean()
        assert seen.std() < street.std()


def test_fog_is_thickest_about_the_middle():
    black = np.zeros((180, 320, 3), np.uint8)
    veil = sum(fogged(black, seed) for seed in range(20))
    assert veil[80:100, 150:170].mean() > 1.3 * veil[[0, 0, -1, -1], [0, -1, 0, -1]].mean()


def test_discs_may_lie_on_every_pixel_and_lie_on_each_other():
    counts = sum(fog._count((45, 80), 15, 20, np.random.default_rng(seed)) for seed in range(50))
    assert counts.min() > 0
    assert fog._count((45, 80), 15, 20, np.random.default_rng(0)).max() > 3


def test_what_a_pixel_keeps_is_what_its_discs_leave_of_it(monkeypatch):
    monkeypatch.setattr(fog, "STRENGTH", (0.5, 0.5))
    monkeypatch.setattr(fog, "_count", lambda shape, *_: np.full(shape, 3, np.int32))
    painted = 0.0
    for _ in range(3):
        painted += (255 - painted) * 0.5 * fog.OPACITY
    assert np.unique(fogged(np.zeros((45, 80, 3), np.uint8), 0)).tolist() == [round(painted)]
