import pandas as pd
import pytest

from trainstudy.analysis.reproduce import reproduced
from trainstudy.paths import project_root
from trainstudy.reports import load_report
from trainstudy.runs.curves import frame

REPORT = load_report(project_root() / "reports" / "extended_training")


def curves(gains: dict[int, float], seeds: int = 4) -> pd.DataFrame:
    """Four seeds around the same curve."""
    return frame(
        [
            {
                "strategy": "none", "dataset": "ours", "model": f"small seed {seed}", "run": "r",
                "split": "val", "iteration": iteration, "source": "here",
                "mIoU": 40 + level + 0.01 * (seed * (iteration % 7) % 3) + seed,
            }
            for seed in range(seeds)
            for iteration, level in gains.items()
        ]
    )  # fmt: skip


FOUND = reproduced(REPORT, curves({80_000: 0, 90_000: 1, 160_000: 3, 240_000: 4, 320_000: 4.5}))


def test_gains_of_our_runs_stand_beside_the_reports():
    values = FOUND.set_index("id")["reproduced"]
    assert values["gain-90000-160000"] == pytest.approx(2, abs=0.05)
    assert values["gain-240000-320000"] == pytest.approx(0.5, abs=0.05)
    assert values["relative-160000-240000"] == pytest.approx(50, abs=2)
    assert (FOUND["reproduced_low"] <= FOUND["reproduced"]).all()
    assert (FOUND["seeds"] == 4).all()


def test_claims_about_the_reports_own_strategies_and_data_are_left_alone():
    ids = {claim.id: claim for claim in REPORT.claims}
    assert not any({"strategy", "dataset", "family"} & ids[i].arguments.keys() for i in FOUND["id"])


def test_shares_of_nothing_are_left_out():
    flat = reproduced(REPORT, curves(dict.fromkeys((80_000, 90_000, 160_000, 240_000), 0.0)))
    assert not any(identity.startswith("relative") for identity in flat["id"])
    assert "gain-160000-240000" in set(flat["id"])
