import numpy as np
import pandas as pd

from trainstudy.analysis.patterns import saturation
from trainstudy.runs.curves import empty

BOUNDS = (10, 80, 100)


def rising(until, noise=0.02, height=2.0, seed=0):
    """Rises by `height` until an iteration, then stays."""
    rng = np.random.default_rng(seed)
    return {
        x: 40 + height * min(x - 10, until - 10) / (until - 10) + rng.normal(0, noise)
        for x in range(10, 101, 2)
    }


def patterns_of(make, curves, fast_before=60):
    table = saturation(make(curves), BOUNDS, fast_before)
    return dict(zip(table["dataset"], table["pattern"], strict=True))


def test_planted_patterns_are_recovered(make):
    found = patterns_of(
        make,
        {
            "none/Early/pspnet_r50": rising(40),
            "none/Late/pspnet_r50": rising(1000, height=20),
            "none/Middle/pspnet_r50": rising(78),
            "none/Flat/pspnet_r50": rising(40, 0.5, 0.1),
        },
    )
    assert found == {
        "Early": "fast saturator",
        "Late": "slow learner",
        "Middle": "steady",
        "Flat": "undetermined",
    }


def test_a_curve_that_lacks_a_boundary_is_undetermined(make):
    curve = {x: v for x, v in rising(40).items() if x != 80}
    assert patterns_of(make, {"none/City/pspnet_r50": curve}) == {"City": "undetermined"}


def test_a_run_that_ends_early_changes_no_pattern(make):
    name = "none/City/pspnet_r50"
    alone = make({name: rising(40)})
    early = make({name: {x: value + 9 for x, value in rising(40).items() if x < 60}}, run="b")
    found, expected = (
        saturation(curves, BOUNDS, 60) for curves in (pd.concat([alone, early]), alone)
    )
    columns = ["final", "saturated_at", "total_gain", "last_gain", "pattern"]
    pd.testing.assert_frame_equal(found[columns], expected[columns])


def test_the_interval_is_the_noise_of_two_checkpoints(make):
    row = saturation(make({"none/City/pspnet_r50": rising(40)}), BOUNDS, 60).iloc[0]
    assert row["last_gain_high"] - row["last_gain"] == row["noise_floor"]


def test_published_patterns_follow_the_stated_rules(published):
    table = saturation(published).set_index(["strategy", "dataset", "model"])
    assert len(table) == 21
    slow = table[table["pattern"] == "slow learner"]
    assert (slow["last_gain"] > slow["noise_floor"]).all()
    noisy = table.loc[("gen_cyclediffusion", "MapillaryVistas", "pspnet_r50")]
    assert noisy["pattern"] == "undetermined"
    assert saturation(empty()).empty
