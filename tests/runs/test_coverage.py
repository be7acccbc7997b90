import pandas as pd

from trainstudy.runs import coverage, curves


def test_coverage_is_at_exactly_the_budget() -> None:
    row = {"strategy": "none", "dataset": "d", "split": "val", "mIoU": 40.0, "source": "a"}
    rows = [
        {**row, "model": model, "run": run, "iteration": iteration}
        for model, run, iteration in [
            ("a", "1", 80),
            ("a", "2", 80),
            ("a", "2", 160),
            ("b", "1", 90),
        ]
    ]
    table = coverage.coverage(curves.frame(rows), [80, 160])
    assert table.loc["none/d/a"].tolist() == [True, True, 80, 160, 2]
    assert table.loc["none/d/b"].tolist() == [False, False, 90, 90, 1]
    assert table.columns.tolist() == [80, 160, "first", "last", "checkpoints"]
    assert coverage.coverage(curves.empty(), [80]).empty


def test_status_counts_every_run_once() -> None:
    runs = pd.DataFrame(
        {
            "strategy": ["none", "none", "gen_x"],
            "dataset": ["d", "d", "d"],
            "state": ["completed", "pending", "completed"],
        }
    )
    table = coverage.status(runs)
    assert table.columns.tolist() == list(coverage.STATES)
    assert table.loc[("none", "d")].tolist() == [1, 0, 1, 0]
    assert int(table.to_numpy().sum()) == len(runs)
    assert coverage.status(runs.iloc[:0]).columns.tolist() == list(coverage.STATES)
