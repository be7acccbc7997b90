"""What became of the rows of a manifest."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SHOWN = 5  # problems an error quotes


class UnsoundError(Exception):
    """A row that cannot be used, and why."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


SET_ASIDE = ("held-out original", "unknown original")
"""Reasons that no generator is to blame for: a manifest may hold more than the training images."""


@dataclass(frozen=True)
class Problem:
    """A row that was left out: its line in the file, its generated image, and why."""

    line: int
    file: str
    reason: str
    detail: str = ""

    def __str__(self) -> str:
        return f"line {self.line}, {self.file}: {self.reason}" + f" ({self.detail})" * bool(
            self.detail
        )


@dataclass(frozen=True)
class Report:
    """``used`` rows give images of ``originals`` different ones among ``training`` images.

    ``others`` counts the rows of other data sets, by name: set aside, and no problem, unless the
    column is wrong. ``namesakes`` of them have the name of a training image.
    """

    manifest: Path
    used: int
    originals: int
    training: int
    others: Mapping[str, int]
    namesakes: int
    problems: tuple[Problem, ...]

    @property
    def unsound(self) -> float:
        """The share of unsound rows among those made from training images."""
        count = sum(problem.reason not in SET_ASIDE for problem in self.problems)
        return count / max(count + self.used, 1)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows were left out for each reason, the most frequent first."""
        return dict(Counter(problem.reason for problem in self.problems).most_common())

    def __str__(self) -> str:
        text = (
            f"{self.manifest}: {self.used} of {self.used + len(self.problems)} rows used, images "
            f"of {self.originals} of {self.training} training images"
        )
        if self.problems:
            text += f"; left out: {_listed(self.counts)}"
        if self.others:
            text += f"; of other data sets: {_listed(self.others)}"
        if self.namesakes:
            text += f" ({self.namesakes} of these rows name a training image)"
        return text


class ManifestError(ValueError):
    """A manifest that gives no image, or has too many unsound rows; ``report`` says which."""

    def __init__(self, report: Report, fault: str) -> None:
        first = "".join(f"\n  {problem}" for problem in report.problems[:SHOWN])
        super().__init__(f"{fault}. {report}{first}")
        self.report = report


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())
