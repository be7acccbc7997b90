"""What one start of a training recorded, and how several starts make one run.

The rule for both: training is a line that only resumes bend. Going on at iteration i, whether
further down one file or in a later start, throws away whatever was recorded before at i or beyond.
"""

from collections.abc import Iterable

from trainstudy.runs.readers.events import Evaluation, Event, Skip, Target, Train, Unit
from trainstudy.runs.readers.skipped import Skipped

THINNED = 4_000  # training lines kept of a start, at most; evaluations are all kept
WENT_BACK = "superseded: training went back (a resume) further down this file"
CONFLICT = "superseded: another value for the same iteration follows"
MAY_BE_FRACTIONS = 'kept as read, but no mIoU is above 1: for fractions give unit="fraction"'
FRACTIONS = "kept: fractions, as this format writes them, times 100"


class Start:
    """Collects the events of one file."""

    def __init__(self, file: str, skipped: Skipped) -> None:
        self.file, self._skipped = file, skipped
        self.validations: list[Evaluation] = []  # ascending
        self.tests: list[Evaluation] = []  # of saved checkpoints: no resume takes them back
        self.train: list[Train] = []  # ascending, thinned
        self.first: int | None = None
        self.last: int | None = None
        self.target: int | None = None
        self.highest_miou = 0.0
        self._stride, self._seen = 1, 0

    def extend(self, events: Iterable[Event]) -> None:
        """Take in what a reader says, in its order."""
        for event in events:
            if isinstance(event, Train):
                self._reach(event.iteration)
                self._add_train(event)
            elif isinstance(event, Evaluation):
                self._add_evaluation(event)
            elif isinstance(event, Skip):
                self._skipped.add(self.file, event)
            elif isinstance(event, Target):
                self.target = event.iterations

    def supersede(self, iteration: int, reason: str) -> None:
        """Forget what was recorded at ``iteration`` or beyond, and report lost validations."""
        while self.train and self.train[-1].iteration >= iteration:
            self.train.pop()
        while self.validations and self.validations[-1].iteration >= iteration:
            self._skipped.add(self.file, Skip(self.validations.pop().line, reason))

    def leave_out(self, reason: str, detail: str = "") -> None:
        """Forget everything, as if the file were not there, and report it once."""
        self._skipped.add(self.file, Skip(None, reason, detail))
        self.validations, self.tests, self.train = [], [], []
        self.first = self.last = self.target = None

    def in_percent(self, unit: Unit) -> list[Evaluation]:
        """All evaluations; in percent also where the format is one that writes fractions."""
        found = self.validations + self.tests
        if not found or self.highest_miou > 1 or unit == "fraction":
            return found
        is_fraction = all(one.in_fractions for one in found)
        reason = FRACTIONS if is_fraction else MAY_BE_FRACTIONS
        self._skipped.add(self.file, Skip(None, reason))
        scale = 100 if is_fraction else 1
        return [
            one._replace(miou=one.miou * scale, pixel_acc=one.pixel_acc * scale) for one in found
        ]

    def _reach(self, iteration: int) -> None:
        if self.last is not None and iteration < self.last:
            self.supersede(iteration, WENT_BACK)
        self.last = iteration
        self.first = iteration if self.first is None else min(iteration, self.first)

    def _add_train(self, event: Train) -> None:
        if self._seen % self._stride == 0:
            self.train.append(event)
        self._seen += 1
        if len(self.train) > THINNED:
            self.train, self._stride = self.train[::2], self._stride * 2

    def _add_evaluation(self, event: Evaluation) -> None:
        self.highest_miou = max(self.highest_miou, event.miou)
        if event.note:
            self._skipped.add(self.file, Skip(event.line, event.note))
        if event.split == "test":
            self.tests.append(event)
            return
        self._reach(event.iteration)
        if self.validations and self.validations[-1].iteration == event.iteration:
            earlier = self.validations.pop()
            if earlier.miou != event.miou:
                self._skipped.add(self.file, Skip(earlier.line, CONFLICT))
        self.validations.append(event)


def join(starts: list[Start]) -> None:
    """Let every start take back what earlier ones recorded from its first iteration on.

    A start that came to no evaluation before it ended, and not past the first validation of the
    earlier ones, is left out: begun by accident, it has nothing to stand in for theirs.
    """
    for number, later in enumerate(starts):
        if _is_stray(later, starts[:number]):
            later.leave_out(f"a start of {later.last} iterations without a validation: left out")
        elif later.first is not None:
            for earlier in starts[:number]:
                reason = f"superseded: recorded again from an earlier iteration on in {later.file}"
                earlier.supersede(later.first, reason)


def _is_stray(later: Start, earlier: list[Start]) -> bool:
    first = min((one.validations[0].iteration for one in earlier if one.validations), default=0)
    return not (later.validations or later.tests) and later.last is not None and later.last <= first
