"""The account of everything that was left out, in bounded memory."""

import pandas as pd

from trainstudy.runs.readers.events import Skip

COLUMNS = {"file": "str", "line": "Int64", "reason": "str", "count": "int64"}


class Skipped:
    """Counts skips by file and reason; a gigabyte of bad lines is one row."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], tuple[int | None, str, int]] = {}

    def add(self, file: str, skip: Skip) -> None:
        """Count a skip; the first line is kept, with its detail."""
        line, detail, count = self._entries.get((file, skip.reason), (skip.line, skip.detail, 0))
        if skip.line is not None and line is not None and skip.line < line:
            line, detail = skip.line, skip.detail
        self._entries[file, skip.reason] = (line, detail, count + 1)

    def merge(self, other: "Skipped") -> None:
        """Take over the entries of another account, of other files."""
        self._entries.update(other._entries)

    def frame(self) -> pd.DataFrame:
        """Columns ``file, line, reason, count``: ``line`` is the first of ``count`` such lines."""
        rows = [
            (file, line, f"{reason} ({detail})" if detail else reason, count)
            for (file, reason), (line, detail, count) in self._entries.items()
        ]
        made = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
        return made.sort_values(["file", "line", "reason"], ignore_index=True)
