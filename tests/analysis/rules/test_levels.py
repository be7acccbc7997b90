import pytest

WHO = {"strategy": "none", "dataset": "City0", "family": "PSPNet"}


@pytest.mark.parametrize(("reported", "status"), [(42.0, "confirmed"), (43.0, "contradicted")])
def test_a_level(planted, verdict, reported, status):
    found = verdict(planted, "level", reported=reported, decimals=1, budget=20, **WHO)
    assert found.status == status
    assert found.recomputed == pytest.approx(42.01)


def test_a_peak_on_the_curve_or_off_it(planted, verdict):
    assert verdict(planted, "peak", reported=40, decimals=0, **WHO).status == "confirmed"
    assert verdict(planted, "peak", reported=20, decimals=0, **WHO).status == "contradicted"


def test_a_peak_after_the_end_is_impossible_even_without_curves(planted, verdict):
    found = verdict(planted, "peak", reported=41, strategy="gen_x", dataset="Nowhere")
    assert found.status == "contradicted"
    assert "No iteration 41 exists in a training that ends at 40" in found.evidence


def test_the_mean_peak_of_a_data_set(make, verdict):
    curves = make(
        {
            f"s{i}/City/pspnet_r50": {x: 40 - abs(x - 30 - i) + 0.0 for x in range(11, 41)}
            for i in range(3)
        }
    )
    found = verdict(curves, "mean_peak", reported=31, decimals=0, dataset="City")
    assert (found.status, found.recomputed) == ("confirmed", 31)
    assert (
        verdict(curves, "mean_peak", reported=15, decimals=0, dataset="City").status
        == "contradicted"
    )
    assert verdict(curves, "mean_peak", reported=31, dataset="Nowhere").status == "not checkable"
