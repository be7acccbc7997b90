import numpy as np
import pytest


@pytest.mark.parametrize(("reported", "status"), [(1.55, "confirmed"), (0.5, "contradicted")])
def test_a_mean_gain(planted, verdict, reported, status):
    found = verdict(planted, "phase_gain", reported=reported, start=10, end=20)
    assert found.status == status
    assert found.n == 8
    assert found.recomputed == pytest.approx(1.545)
    assert len(found.sources) == 16


def test_one_configuration_has_the_noise_floor_as_its_interval(planted, verdict):
    found = verdict(
        planted, "phase_gain", reported=2.0, start=10, end=20, dataset="City0", family="PSPNet"
    )
    assert found.status == "confirmed"
    assert found.high - found.recomputed == pytest.approx(found.noise_floor)


def test_relative_and_share(planted, verdict):
    whole = verdict(
        planted, "share_of_total", reported=79.4, decimals=1, start=10, end=20, total=[10, 40]
    )
    assert whole.recomputed == pytest.approx(100 * 1.545 / 1.945)
    assert whole.status == "confirmed"
    most = {"start": 10, "end": 20, "total": [10, 40]}
    assert verdict(planted, "share_of_total", more_than=50, **most).status == "confirmed"
    assert verdict(planted, "share_of_total", more_than=95, **most).status == "contradicted"
    part = verdict(
        planted, "relative_gain", reported=26, decimals=0, start=20, end=40, reference=[10, 20]
    )
    assert part.recomputed == pytest.approx(100 * 0.4 / 1.545)


def test_a_missing_end_is_said(planted, verdict):
    found = verdict(planted, "phase_gain", start=10, end=99, dataset="City0", family="PSPNet")
    assert found.status == "not checkable"
    assert found.evidence == "none/City0/pspnet_r50: no result at 99 iterations."
    assert np.isnan(found.recomputed)
    several = verdict(planted, "relative_gain", reported=1.0, start=20, end=99, reference=[10, 20])
    assert several.evidence.startswith("None of 8 configurations was evaluated at all of 10, 20,")
    nobody = verdict(planted, "phase_gain", start=10, end=20, dataset="Nowhere")
    assert nobody.evidence == "No such configuration is among the curves."


def test_a_share_needs_a_figure_or_a_bound(planted, verdict):
    with pytest.raises(ValueError, match="reported figure or more_than"):
        verdict(planted, "share_of_total", start=10, end=20, total=[10, 40])
