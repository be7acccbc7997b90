"""Text logs of mmengine and mmcv: validation lines there carry no training iteration."""

import re
from collections.abc import Iterator
from math import nan
from pathlib import Path

from trainstudy.runs.readers import numbers
from trainstudy.runs.readers.boundaries import Boundaries
from trainstudy.runs.readers.epochs import Epochs
from trainstudy.runs.readers.events import (
    Event,
    Skip,
    Target,
    Train,
    Unit,
    UnsoundError,
)
from trainstudy.runs.readers.lines import MAX_LINE, TOO_LONG, is_damaged, lines
from trainstudy.runs.readers.schedules import LIMIT, parse_schedule

# mmengine: `Iter(train) [ 50/320000]`, `Epoch(val) [3][500/500]`; mmcv: `Iter [50/160000]`,
# `Iter(val) [500]`, `Epoch(val) [3][500]`
_HEADER = re.compile(
    r"\b(Iter|Epoch)(?:\((train|val|test)\))? *"
    r"(?:\[ *(\d{1,15})\])?\[ *(\d{1,15})(?:/(\d{1,15}))?\]"
)
# A value counts only with what follows it: a line may end in the middle of a number.
_VALUE = re.compile(r"(?<![\w./])(?:val/|test/)?(mIoU|aAcc): *([^\s,]+)(?=[\s,]*\s)")
_OTHER_SCORE = re.compile(r"(?<![\w./])(?:aAcc|m[A-Z]\w+): ")
_CHECKPOINT = re.compile(r"Saving checkpoint at (\d{1,15}) iterations")
_RESUMED = re.compile(r"resumed (?:from )?epoch:? *(\d{1,15}), iter:? *(\d{1,15})")
_TESTED = re.compile(r"Load checkpoint from \S*?(?:iter_(\d{1,15})\.pth)?\s*$")
UNTESTED = "test result names no checkpoint of a known iteration"


class _TextLog:
    """State while going through one log."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.boundaries, self.epochs = Boundaries(), Epochs()
        self.preamble: list[str] | None = []  # the configuration is dumped before training starts
        self.is_complete = True  # no line of that configuration was unreadable
        self.target: int | None = None
        self.tested: int | None = None  # iteration of the checkpoint loaded last

    def read(self, line: int, text: str) -> Iterator[Event]:
        if len(text) == MAX_LINE or is_damaged(text):
            self.boundaries.damage()
            self.is_complete = self.is_complete and self.preamble is None
            reason = "line holds bytes that are not text" if is_damaged(text) else TOO_LONG
            yield Skip(line, reason)
        elif "Iter" in text or "Epoch" in text:
            yield from self._header(line, text)
        else:
            yield from self._other(text)

    def _header(self, line: int, text: str) -> Iterator[Event]:
        if text.count("Iter") + text.count("Epoch") == 1:
            start = max(text.find("Iter"), text.find("Epoch"))
            only = _HEADER.match(text, start)
            found = [only.groups(default="")] if only else []
        else:
            found = _HEADER.findall(text)
        if len(found) != 1:
            if found or "Iter(" in text or "Epoch(" in text:
                self.boundaries.damage()
                yield Skip(line, "line mixes two records" if found else "header is cut short")
            else:
                yield from self._other(text)
            return
        loop, mode, epoch, done, total = found[0]
        if mode in ("val", "test"):
            if "mIoU" in text or _OTHER_SCORE.search(text):
                values = dict(_VALUE.findall(text))
                yield from self._scores(line, loop, mode, int(epoch or done), bool(total), values)
        elif total:
            yield from self._training(line, loop, int(epoch or 0), int(done), int(total), text)

    def _training(
        self, line: int, loop: str, epoch: int, done: int, total: int, text: str
    ) -> Iterator[Event]:
        yield from self._configured()
        self.tested = None
        iteration: int | None = done
        if loop == "Iter":
            if total != self.target:
                self.target = total
                yield Target(total)
        else:
            iteration = self.epochs.training(epoch, done, total)
        if iteration:
            yield from self.boundaries.anchor(iteration)
            yield Train(line, iteration, _after(text, "loss: "), _after(text, "lr: "))

    def _scores(
        self, line: int, loop: str, mode: str, epoch: int, is_mmengine: bool, values: dict[str, str]
    ) -> Iterator[Event]:
        yield from self._configured()
        try:
            if "mIoU" not in values:
                self.boundaries.damage()
                yield Skip(line, "validation without mIoU, or cut short before its end")
                return
            found = numbers.evaluation(line, values, self.unit)
            found = found._replace(in_fractions=not is_mmengine)
        except UnsoundError as error:
            self.boundaries.damage()
            yield error.skip(line)
            return
        if mode == "test":
            if self.tested is None:
                yield Skip(line, UNTESTED)
            else:
                yield found._replace(iteration=self.tested, split="test")
        elif loop == "Epoch":
            yield self.epochs.validation(epoch, found)
        else:
            yield from self.boundaries.validation(found)

    def _other(self, text: str) -> Iterator[Event]:
        if text.rstrip().endswith("Config:"):
            self.preamble, self.is_complete = [], True
        if found := _CHECKPOINT.search(text):
            yield from self._configured()
            yield from self.boundaries.anchor(int(found[1]), is_checkpoint=True)
        elif found := _RESUMED.search(text):
            yield from self._configured()
            self.epochs.resumed(int(found[1]), int(found[2]))
            yield from self.boundaries.resumed(int(found[2]))
        elif found := _TESTED.search(text):
            self.tested = int(found[1]) if found[1] else None
        elif self.preamble is not None and len(self.preamble) < LIMIT // 32:
            self.preamble.append(text[:4096])

    def _configured(self) -> Iterator[Event]:
        """Take up the schedule from the configuration above, once it is complete."""
        if self.preamble is None:
            return
        schedule = parse_schedule("".join(self.preamble))
        self.preamble = None
        if schedule.max_iters is not None:
            yield Target(schedule.max_iters)
        yield from self.boundaries.close()
        self.boundaries = Boundaries(schedule, is_complete=self.is_complete)


def _after(text: str, name: str) -> float:
    """The number after a name of its own (not ``base_lr`` for ``lr``), else NaN.

    Plain searching: this is done for every training line, and a log has millions.
    """
    start = text.find(" " + name)
    start = text.find("\t" + name) if start < 0 else start
    words = text[start + 1 + len(name) :].split(maxsplit=1) if start >= 0 else []
    return numbers.optional(words[0].rstrip(",")) if words else nan


def read_text_log(path: Path, unit: Unit) -> Iterator[Event]:
    """Training lines, and the evaluations whose iteration the log determines (see Boundaries).

    The configuration dumped at the start gives the validation interval and the length. Validation
    by epochs is converted with the length of an epoch that the training lines state. A test counts
    for the ``iter_N.pth`` that was loaded for it.
    """
    log, known = _TextLog(unit), False
    for line, text in lines(path):
        for event in log.read(line, text):
            known = known or not isinstance(event, Skip)
            yield event
    yield from log.boundaries.close()
    if not known:
        yield Skip(None, "no training or validation line of mmengine or mmcv")
