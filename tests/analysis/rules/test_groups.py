import pytest

PHASE = {"start": 10, "end": 20}


def test_the_family_that_gains_more(planted, verdict):
    found = verdict(
        planted, "gain_difference", factor="family", more="PSPNet", less="SegFormer", **PHASE
    )
    assert (found.status, found.n) == ("confirmed", 4)
    assert found.recomputed == pytest.approx(1.03)
    swapped = verdict(
        planted, "gain_difference", factor="family", more="SegFormer", less="PSPNet", **PHASE
    )
    assert swapped.status == "contradicted"


def test_the_data_set_that_peaks_later(make, verdict):
    curves = make(
        {
            f"s{i}/{city}/pspnet_r50": {x: 40 - 0.5 * abs(x - top) + 0.0 for x in range(11, 41)}
            for i in range(3)
            for city, top in (("Early", 15), ("Late", 35))
        }
    )
    ask = {"factor": "dataset", "unit": "iterations"}
    found = verdict(curves, "peak_difference", later="Late", earlier="Early", **ask)
    assert (found.status, found.recomputed) == ("confirmed", 20)
    assert "+20 iterations" in found.evidence
    nobody = verdict(curves, "peak_difference", later="Late", earlier="Nowhere", **ask)
    assert nobody.status == "not checkable"


def test_an_explanation_of_groups_stays_open_with_its_reason(planted, verdict):
    ask = {"factor": "family", "reason": "one model each."}
    found = verdict(planted, "group_explanation", **PHASE, **ask)
    assert found.status == "not identifiable"
    assert found.evidence.endswith("at most 1 run a configuration: one model each.")
    absent = verdict(planted, "group_explanation", start=10, end=99, **ask)
    assert absent.status == "not checkable"
