PHASES = {"early": {"start": 10, "end": 20}, "even": {"start": 38, "end": 39}}


def test_a_gain_beyond_noise_is_improvement_and_not_negligible(planted, verdict):
    assert verdict(planted, "still_improving", **PHASES["early"]).status == "confirmed"
    assert verdict(planted, "negligible_after", **PHASES["early"]).status == "contradicted"


def test_a_gain_within_noise_is_neither(make, verdict):
    flat = make({"none/City/pspnet_r50": {x: 40 + 0.1 * (x % 2) for x in range(10, 41)}})
    improving = verdict(flat, "still_improving", **PHASES["even"])
    assert improving.status == "below the noise floor"
    assert improving.low < 0 < improving.high
    assert verdict(flat, "negligible_after", **PHASES["even"]).status == "confirmed"


def test_unknown_noise_decides_nothing(make, verdict):
    two = make({"none/City/pspnet_r50": {20: 40.0, 40: 41.0}})
    for rule in ("still_improving", "negligible_after"):
        assert verdict(two, rule, start=20, end=40).status == "not identifiable"
        assert verdict(two, rule, start=10, end=40).status == "not checkable"
