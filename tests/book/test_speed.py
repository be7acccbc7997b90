import json

import pytest

from trainstudy.book import speed

ROW = {
    "name": "<m>, plain", "peer": "a peer", "unit": "it/s", "ours": 40.256, "theirs": 10.0,
    "ratio": 4.026, "device": "some GPU", "command": "python -m benchmarks.packed", "date":
    "2026-01-02", "details": {"theirs_screened": {"2 workers": 9.0}, "ours_each": [40.0, 41.0]},
}  # fmt: skip


@pytest.fixture
def parameters(tmp_path):
    """Results of one benchmark: a win and a loss."""
    loss = ROW | {"name": "lost", "ours": 5.0, "ratio": 0.5}
    (tmp_path / "packed.json").write_text(json.dumps([ROW, loss]))
    return speed.Speed.checked(results=str(tmp_path))


def test_every_row_is_shown_with_its_details(parameters):
    shown = speed.comparison(parameters, "packed")._repr_html_()
    assert shown.count("<tr>") == 3
    for text in ("40.26", "&lt;m&gt;", "lost", "some GPU", "2026-01-02", ROW["command"]):
        assert text in shown
    assert "theirs_screened: 2 workers 9.0" in shown
    assert "ours_each: 40.0, 41.0" in shown
    assert "Measured on some GPU." in shown


def test_scores_are_equal_or_not_and_a_network_is_more_than_its_part(tmp_path):
    rows = [
        ROW | {"ratio": 0.9, "details": {"equal_within_noise": equal}} for equal in (True, False)
    ]
    for name in ("peer_quality", "multitask_latency"):
        (tmp_path / f"{name}.json").write_text(json.dumps(rows))
    text = repr(speed.overview(speed.Speed.checked(results=str(tmp_path))))
    assert "peer_quality: 2 rows, 1 of them equal within the noise floor." in text
    assert "multitask_latency: 2 rows, of the network and of a part of it." in text


def test_losses_are_named_and_what_is_absent_is_said(parameters):
    text = repr(speed.overview(parameters))
    assert "packed: 2 rows, ratios from 0.5 to 4.03, 1 below 1: lost." in text
    assert "cpu_speed: not measured. python -m benchmarks.cpu_speed does it." in text
    assert "There is no profile.json" in repr(speed.comparison(parameters, "profile"))
