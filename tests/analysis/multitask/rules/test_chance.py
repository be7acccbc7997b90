import pytest
from scipy import stats

from trainstudy.analysis.multitask.rules.chance import above_chance, near_chance
from trainstudy.reports import Claim

CLASSES = {"classes": 10, "source": "Ours"}


def claim(reported):
    return Claim(id="c", section="1", place="p", text="t", rule="r", reported=reported)


def test_nine_of_sixty_by_the_beta_distribution():
    found = near_chance(claim(15), None, images=60, **CLASSES)
    ends = stats.beta.ppf([0.025, 0.975], [9, 10], [52, 51])  # Clopper and Pearson
    assert [found.recomputed, found.low, found.high] == pytest.approx([15, *100 * ends])
    assert found.evidence.startswith("9 of 60 right: 15.0 % [7.1, 26.6] against 10.0 %")
    assert found.n == 60


@pytest.mark.parametrize(
    ("reported", "images", "near", "above"),
    [
        (15, 60, "confirmed", "not identifiable"),
        (15, 600, "contradicted", "confirmed"),
        (90, 60, "contradicted", "confirmed"),
        (0, 60, "contradicted", "contradicted"),
    ],
)
def test_more_images_tell_more(reported, images, near, above):
    asked = {"images": images, **CLASSES}
    assert near_chance(claim(reported), None, **asked).status == near
    assert above_chance(claim(reported), None, **asked).status == above


def test_a_claim_without_a_figure_is_named():
    with pytest.raises(ValueError, match=r"claim c: .*needs a reported accuracy"):
        near_chance(claim(None), None, images=60, **CLASSES)
