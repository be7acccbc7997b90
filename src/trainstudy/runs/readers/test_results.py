"""``results.json`` and the like: one test of one checkpoint."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trainstudy.runs.readers import numbers
from trainstudy.runs.readers.events import Event, Unit, UnsoundError
from trainstudy.runs.readers.lines import json_object
from trainstudy.runs.readers.schedules import LIMIT

_CHECKPOINT = re.compile(r"(?:^|[/\\_])iter_(\d{1,15})(?:\.pth|[/\\])")
_IN_PATH = re.compile(r"(?:^|_)iter_(\d{1,15})$")
_LOADED = re.compile(r"^load_from\s*=\s*['\"]([^'\"\n]+)", re.MULTILINE)
# folders between a run and its logs or test results
BELOW_RUN = re.compile(
    r"\d{8}_\d{6}|vis_data|tests?|test_results\w*|eval|results?|(?:\w+_)?iter_\d+", re.IGNORECASE
)


def read_test_results(path: Path, unit: Unit) -> Iterator[Event]:
    """The overall mIoU and pixel accuracy, split "test".

    The iteration comes from a field, from the name of the checkpoint, from ``iter_N`` in the path,
    or from ``load_from`` in the test's own ``vis_data/config.py``. Where none says it, or two
    disagree, the file is skipped.
    """
    try:
        content = json_object(path)
        overall = content.get("overall", content)
        if not isinstance(overall, dict) or "mIoU" not in overall:
            raise UnsoundError("result has no mIoU, neither overall nor at the top")
        found = numbers.evaluation(None, overall, unit)
        yield found._replace(iteration=_iteration(content, path), split="test")
    except UnsoundError as error:
        yield error.skip(None)


def _iteration(content: dict[str, Any], path: Path) -> int:
    stated = {numbers.iteration(content["iteration"])} if "iteration" in content else set()
    nested = content.get("config")
    for place in (content, nested if isinstance(nested, dict) else {}):
        for name in ("checkpoint", "checkpoint_path", "load_from"):
            if isinstance(place.get(name), str):
                stated |= {int(number) for number in _CHECKPOINT.findall(place[name])}
    for name in (path.stem, *folders_below_run(path)):
        stated |= {int(number) for number in _IN_PATH.findall(name)}
    stated |= _loaded(path.parent / "vis_data" / "config.py")
    if len(stated) > 1:
        raise UnsoundError("result states several iterations", ", ".join(map(str, sorted(stated))))
    if not stated:
        raise UnsoundError("result states no iteration, nor does its path")
    return numbers.iteration(stated.pop())


def folders_below_run(path: Path) -> Iterator[str]:
    """The names of the folders between a file and its run, the deepest first."""
    for folder in path.parents:
        if not BELOW_RUN.fullmatch(folder.name):
            return
        yield folder.name


def _loaded(config: Path) -> set[int]:
    try:
        with config.open("rb") as file:
            text = file.read(LIMIT).decode(errors="replace")
    except OSError:
        return set()
    return {int(number) for name in _LOADED.findall(text) for number in _CHECKPOINT.findall(name)}
