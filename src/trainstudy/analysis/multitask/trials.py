"""What a claim about ways of training is checked against: the report and our own scores."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from trainstudy.analysis.multitask import many
from trainstudy.analysis.multitask.transfer import by_task
from trainstudy.analysis.verdict import Verdict, not_checkable
from trainstudy.reports import Report


@dataclass(frozen=True)
class Trials:
    """Scores (perhaps none yet) of one split, by the names of their cells."""

    scores: pd.DataFrame
    report: Report
    split: str = "test"

    @cached_property
    def table(self) -> pd.DataFrame:
        """Table of `transfer.by_task`."""
        return by_task(self.scores, self.split)

    def changes(self, than: str) -> pd.DataFrame:
        """`many.dunnett` of the cells that change ``than``; empty unless there are several."""
        if than not in self._changes:
            cells = many.changes(self.table, than)
            self._changes[than] = many.dunnett(self.table, cells if len(cells) > 1 else [], than)
        return self._changes[than]

    @cached_property
    def _changes(self) -> dict[str, pd.DataFrame]:
        return {}

    def lacking(self, *cells: str) -> Verdict | None:
        """'Not checkable' where one of the cells has not been trained."""
        known = set(self.table["cell"])
        if missing := [cell for cell in cells if cell not in known]:
            return not_checkable(f"No finished run of {' nor of '.join(map(repr, missing))}.")
        return None
