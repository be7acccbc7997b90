import pytest

from trainstudy.runs.curves import empty

ALL = {"strategies": ["none"], "datasets": [f"City{i}" for i in range(4)]}


@pytest.mark.parametrize(
    ("reported", "status"),
    [
        (8, "confirmed"),
        (7, "contradicted"),
        (22, "not checkable"),  # fewer may be unpublished
    ],
)
def test_the_count_of_completed_configurations(planted, verdict, reported, status):
    found = verdict(planted, "completed_count", reported=reported, budget=40, **ALL)
    assert (found.status, found.recomputed) == (status, 8)


def test_the_last_iteration(planted, verdict):
    assert verdict(planted, "last_iteration", reported=40).status == "confirmed"
    assert verdict(planted, "last_iteration", reported=50).status == "contradicted"
    assert verdict(empty(), "last_iteration", reported=40).status == "not checkable"


def test_what_reached_a_budget(planted, verdict):
    found = verdict(planted, "reached", budget=40, kind="family", name="PSPNet")
    assert (found.status, found.n) == ("confirmed", 4)
    late = verdict(planted, "reached", budget=99, kind="dataset", name="City0")
    assert late.status == "not checkable"
    assert late.evidence.endswith("its rows end at 40.")


def test_the_model_of_a_family(planted, verdict):
    ask = {"rule": "model_of_family", "family": "PSPNet"}
    assert verdict(planted, marker="R50", **ask).status == "confirmed"
    assert verdict(planted, marker="r101", **ask).status == "contradicted"
    assert verdict(empty(), marker="r50", **ask).status == "not checkable"


def test_what_the_configuration_states_and_what_nobody_published(verdict):
    stated = {"rule": "documented", "value": 6_666, "source": "Config"}
    assert verdict(empty(), reported=6_666, unit="iterations", **stated).status == "confirmed"
    wrong = verdict(empty(), reported=10_000, unit="iterations", **stated)
    assert (wrong.status, wrong.evidence) == ("contradicted", "Config: 6,666 iterations.")
    assert verdict(empty(), "unpublished", reason="No dates.").evidence == "No dates."
    assert verdict(empty(), "confounded", reason="One seed.").status == "not identifiable"
