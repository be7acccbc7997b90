import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from trainstudy.training.exposure import Exposure, ExposureError


def test_counts_by_origin_and_distinct_images():
    exposure = Exposure(since=10)
    exposure.add(["a", "b"], [False, True])
    exposure.add(["a", "c"], [False, False])
    assert exposure.values() == {"since": 10, "real": 3, "generated": 1, "distinct": 3}


def test_none_generated_is_an_error_only_where_some_were_due():
    exposure = Exposure(since=0)
    exposure.add(["a"] * 18, [False] * 18)
    exposure.check(0.5)  # nine were due: too few to prove anything
    exposure.check(0.0)
    exposure.add(["a"] * 2, [False] * 2)
    with pytest.raises(ExposureError, match="of 20 images"):
        exposure.check(0.5)


@given(
    ratio=st.floats(0.05, 0.95),
    images=st.integers(1, 5000),
    deviations=st.floats(-3, 3) | st.floats(5, 6) | st.floats(-6, -5),
)
def test_a_share_may_be_off_by_no_more_than_sampling_gives(ratio, images, deviations):
    spread = 2 * (deviations > 3) - 2 * (deviations < -3)  # and an image for the rounding
    count = round(ratio * images + deviations * (images * ratio * (1 - ratio)) ** 0.5 + spread)
    assume(0 <= count <= images)
    exposure = Exposure(since=7)
    exposure.add(["a"] * images, [place < count for place in range(images)])
    if abs(deviations) <= 3:
        exposure.check(ratio)
    else:
        with pytest.raises(ExposureError, match=f"of {images} images since iteration 7 "):
            exposure.check(ratio)


def test_a_flag_for_every_name():
    with pytest.raises(ValueError, match="2 names but 1 flags"):
        Exposure(since=0).add(["a", "b"], [True])
