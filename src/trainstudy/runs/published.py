"""The published results of the study behind the first report, as curves.

Rules: names become canonical (``aliases``); equal rows collapse to one; of rows for one checkpoint
that differ by no more than a re-evaluation does (``SAME``) the last counts; a larger difference, or
an impossible row, is refused.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from trainstudy.paths import project_root
from trainstudy.runs import aliases, curves
from trainstudy.runs.readers.csv_table import read_table
from trainstudy.runs.readers.events import Skip

FILE = Path("reports/published/extended_training_results.csv")
RUN = "published"
SAME = 0.001  # percent mIoU; evaluating one checkpoint twice on a GPU moved the figures by 0.0007


@dataclass(frozen=True)
class Published:
    """The results and what was done to them.

    curves: a row a checkpoint, split "test".
    resolved: ``kept, dropped`` (sources) ``, difference`` (percent mIoU, kept minus dropped).
    changes: names replaced: ``column, published, canonical, rows``.
    """

    curves: pd.DataFrame
    resolved: pd.DataFrame
    changes: pd.DataFrame


def published(path: Path | None = None) -> Published:
    """Load the published results, from the project's own copy unless ``path`` is given.

    Raises ValueError with file and line for a row that is impossible, and with both lines for two
    rows that contradict each other.
    """
    path = path or project_root() / FILE
    rows: list[dict[str, object]] = []
    for row in read_table(path, "percent"):
        if isinstance(row, Skip):
            place = path.name if row.line is None else f"{path.name}:{row.line}"
            raise ValueError(f"{place}: {row.reason}" + f" ({row.detail})" * bool(row.detail))
        line, iteration, miou, pixel_acc, split = row.found[:5]
        if row.found.note:
            raise ValueError(f"{path.name}:{line}: {row.found.note}")
        key = (row.strategy, row.dataset, row.model, row.run or RUN, split, iteration)
        rows.append(dict(zip(curves.COLUMNS, (*key, miou, pixel_acc, line), strict=True)))
    table, changes = aliases.canonical(pd.DataFrame(rows, columns=curves.COLUMNS))
    table["source"] = [f"{path.name}:{line}" for line in table["source"]]
    kept = table.drop_duplicates(curves.KEY, keep="last")
    dropped = table[table.duplicated(curves.KEY, keep="last")]
    pairs = dropped.merge(kept, on=curves.KEY, suffixes=("_dropped", "_kept"))
    pairs["difference"] = pairs["mIoU_kept"] - pairs["mIoU_dropped"]
    if (refused := pairs[pairs["difference"].abs() > SAME]).size:
        first = refused.iloc[0]
        raise ValueError(
            f"{first['source_dropped']} and {first['source_kept']} contradict each other: "
            f"mIoU {first['mIoU_dropped']} and {first['mIoU_kept']} for one checkpoint"
        )
    resolved = pairs.rename(columns={"source_kept": "kept", "source_dropped": "dropped"})
    return Published(
        curves=curves.validate(curves.frame(kept), path.name),
        resolved=resolved[["kept", "dropped", "difference"]],
        changes=changes,
    )
