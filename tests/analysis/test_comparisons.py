import numpy as np
import pandas as pd
import pytest

from trainstudy.analysis.comparisons import paired_difference, with_error
from trainstudy.analysis.noise import between_checkpoints
from trainstudy.analysis.pairs import gains


@pytest.fixture
def values():
    rows = [
        (s, d, m, base + 0.5 * m.startswith("pspnet"))
        for s, d, base in (("a", "X", 1.0), ("b", "X", 2.0), ("a", "Y", 9.0))
        for m in ("pspnet_r50", "segformer_mit-b0")
    ]
    return pd.DataFrame(rows, columns=["strategy", "dataset", "model", "gain"])


def test_a_planted_difference_is_found_however_far_apart_the_pairs_are(values):
    found = paired_difference(values, "gain", "family", "PSPNet", "SegFormer")
    assert found.interval[:3] == pytest.approx((0.5, 0.5, 0.5))
    assert found.pairs["difference"].tolist() == [0.5] * 3


def test_the_other_side_is_the_negative(values):
    a = paired_difference(values, "gain", "dataset", "X", "Y").interval.value
    assert paired_difference(values, "gain", "dataset", "Y", "X").interval.value == -a


def test_configurations_without_a_partner_do_not_count(values):
    one_sided = values[~((values["strategy"] == "b") & (values["model"] == "pspnet_r50"))]
    assert paired_difference(one_sided, "gain", "family", "PSPNet", "SegFormer").interval.n == 2
    assert paired_difference(values, "gain", "dataset", "X", "Z").interval.n == 0


def test_models_of_a_family_are_averaged(values):
    extra = pd.DataFrame([("a", "X", "pspnet_r18", 3.5)], columns=values.columns)
    found = paired_difference(pd.concat([values, extra]), "gain", "family", "PSPNet", "SegFormer")
    assert found.pairs.loc[0, "a"] == (1.5 + 3.5) / 2


def test_the_noise_floor_by_hand(values):
    noisy = values.assign(sigma=0.3)
    found = paired_difference(noisy, "gain", "family", "PSPNet", "SegFormer")
    assert found.noise_floor == pytest.approx(1.96 * np.sqrt(2 * 0.09 / 3), rel=1e-4)


def test_a_gain_has_the_error_of_two_checkpoints(make):
    curves = make({"none/City/pspnet_r50": {1: 40.0, 2: 41.0, 3: 40.0, 4: 41.0}})
    noise = between_checkpoints(curves)
    table = with_error(gains(curves, 1, 4).table, noise)
    assert table["sigma"][0] == pytest.approx(np.sqrt(2) * noise["sigma"][0])


def test_another_factor_is_refused(values):
    with pytest.raises(ValueError, match="strategy, dataset, family"):
        paired_difference(values, "gain", "model", "a", "b")
