"""A multi-task study on disk: which runs are whose stages, and what each measured."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from trainstudy.analysis.multitask.scores import frame
from trainstudy.files import read_json
from trainstudy.runs import identity, lineages
from trainstudy.runs.faults import Fault, FaultError, check_run, read_lines
from trainstudy.runs.record import BARRIERS, RUN, STUDY, TESTS, read_metrics
from trainstudy.tasks import MEASURES, TASKS

Inputs = Sequence[tuple[str, Mapping[str, Any]]]  # of the stages of a chain, by their names
OWN = ("seed", "earlier")  # inputs that replicates do not share; of the earlier stages theirs tell
CALLED = {"phases": "epochs", "tasks": "order", "train": "data", "val": "data"}  # by parameters
PATH = ("one", "other", "seed", "split", "runs", "points")  # what is told of one in barriers.json


@dataclass(frozen=True)
class Chain:
    """The stages of one cell with one seed: names and run folders, oldest first."""

    cell: str
    seed: int
    stages: tuple[tuple[str, Path], ...]

    @property
    def runs(self) -> tuple[Path, ...]:
        return tuple(run for _, run in self.stages)

    @property
    def row(self) -> dict[str, Any]:
        """As ``study.json`` lists it."""
        stages = [{"stage": stage, "run": run.name} for stage, run in self.stages]
        return {"cell": self.cell, "seed": self.seed, "stages": stages}


def read_chains(folder: Path) -> list[Chain]:
    """The chains of the study whose ``study.json`` lies in ``folder``, or, where there is none, of
    the trainings that do (see ``lineages``). None in a study that has only begun.

    What the runs hold is not looked at. Raises ValueError naming the file and what is wrong with
    it, or telling what is expected of a folder with neither.
    """
    chains, faults = _read(folder)
    if faults:
        raise FaultError(faults[0])
    return chains


def listed_chains(folder: Path) -> list[Chain]:
    """Those of `read_chains`, none where ``folder`` has no ``study.json`` yet."""
    return read_chains(folder) if (folder / STUDY).exists() else []


def read_sound(folder: Path) -> tuple[list[Chain], list[Fault]]:
    """The chains of `read_chains` with records that are sound, and what is wrong with the others.

    Without test scores a chain is unsound where another one has them: the split that figures are of
    is one for all. So are `strangers`. Raises ValueError where it cannot be told which chains there
    are.
    """
    chains, faults = _read(folder)
    checked = {run: _checked(run) for run in dict.fromkeys(r for c in chains for r in c.runs)}
    wrong = {run: result for run, result in checked.items() if isinstance(result, Fault)}
    sound = [run for chain in chains if not wrong.keys() & chain.runs for run in chain.runs]
    if any(checked[run] is True for run in sound):
        reason = "no test scores, which other chains have"
        untested = [run for run, result in checked.items() if result is False]
        wrong |= {run: Fault(run / TESTS, None, reason) for run in untested}
    found = [(chain, next((wrong[r] for r in chain.runs if r in wrong), None)) for chain in chains]
    faults += [fault._replace(chain=_told(chain)) for chain, fault in found if fault]
    replicates, others = _replicates([chain for chain, fault in found if not fault])
    return replicates, faults + others


def strangers(chains: Iterable[Chain]) -> Iterator[tuple[Chain, Chain, str]]:
    """The chains that are no replicates of what most seeds of their cell are, of equally many the
    first; with each the first of those and, where records tell, what differs, " (epochs)". Raises
    ValueError for a record that cannot be read."""
    cells: dict[str, dict[str, list[Chain]]] = defaultdict(lambda: defaultdict(list))
    for chain in chains:
        kind = read_json(chain.runs[-1] / RUN).get("replicate_of")  # of the earlier stages as well
        if kind is not None:  # chapters do not need it
            cells[chain.cell][str(kind)].append(chain)
    for kinds in cells.values():
        (own, *_), *others = sorted(kinds.values(), key=len, reverse=True)
        for chain in (chain for group in others for chain in group):
            names = ", ".join(differing(inputs_of(own), inputs_of(chain)))
            yield chain, own, f" ({names})" if names else ""


def differing(one: Inputs, other: Inputs) -> list[str]:
    """What sets two chains apart beside their seeds, as parameters are called."""
    if [stage for stage, _ in one] != [stage for stage, _ in other]:
        return ["order"]
    names = {
        CALLED.get(name, name)
        for (_, mine), (_, others) in zip(one, other, strict=True)
        for name in identity.differing(mine, others, OWN)
    }
    return sorted(names)


def inputs_of(chain: Chain) -> Inputs:
    """What its trainings were functions of. Raises ValueError for a record that cannot be read."""
    found = [(stage, read_json(run / RUN).get("inputs")) for stage, run in chain.stages]
    return [(stage, inputs if isinstance(inputs, dict) else {}) for stage, inputs in found]


def read_barriers(folder: Path) -> list[dict[str, Any]]:
    """The paths of ``barriers.json`` (see ``multitask.barrier``), none where there is no such file.

    Those between runs that are no longer the ends of their cells are left out. Raises ValueError
    naming the file and what is wrong with it.
    """
    chains, _ = _read(folder)
    ends = {(chain.cell, chain.seed): chain.stages[-1][1].name for chain in chains}
    path = folder / BARRIERS
    try:
        content = read_json(path)
    except ValueError as error:  # opened in any case: the trace of a page knows what it opened
        if isinstance(error.__cause__, FileNotFoundError):
            return []
        raise
    try:
        rows = [{name: row[name] for name in PATH} for row in content["paths"]]
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path}: {type(error).__name__}: {error}") from error
    sides = ("one", "other")
    return [row for row in rows if row["runs"] == [ends.get((row[s], row["seed"])) for s in sides]]


def scores(chains: list[Chain]) -> pd.DataFrame:
    """Every evaluation of every chain, as ``analysis.multitask.scores`` has them.

    A stage that several chains share gives its rows to each.
    """
    rows: list[dict[str, object]] = []
    for stage in _stages(chains):
        record = stage.record
        for split, line in _lines(stage.run):
            at = int(line["iteration"])
            rows += [
                {
                    "cell": stage.chain.cell, "seed": stage.chain.seed, "stage": stage.number,
                    "stage_name": stage.name, "trained": "+".join(record["spec"]["tasks"]),
                    "iteration": at, "total": stage.before + at, "split": split, "task": task,
                    "score": line[MEASURES[task]], "boundary": at == int(record["iteration"]),
                }
                for task in TASKS
            ]  # fmt: skip
    return frame(rows)


def cosines(chains: list[Chain]) -> pd.DataFrame:
    """Of the gradients of two tasks, where they were measured: cell, seed, stage, total, pair,
    cosine, regular. pair: ``seg–det`` and so on; regular: false of the looks after a transition."""
    rows = [
        (stage.chain.cell, stage.chain.seed, stage.number, stage.before + line["iteration"],
         f"{one}–{other}", line[key], stage.regular(line["iteration"]))
        for stage in _stages(chains) for line in read_metrics(stage.run, "val")
        for one, other in combinations(TASKS, 2)
        if (key := f"cosine_{one}_{other}") in line
    ]  # fmt: skip
    columns = ["cell", "seed", "stage", "total", "pair", "cosine", "regular"]
    return pd.DataFrame(rows, columns=columns).astype({"cosine": "float64", "regular": "bool"})


def weights(chains: list[Chain]) -> pd.DataFrame:
    """Of the losses, where several are weighed: cell, seed, stage, iteration (since the start of
    the chain), task, weight."""
    rows = [
        (stage.chain.cell, stage.chain.seed, stage.number, stage.before + line["iteration"], task,
         line[key])
        for stage in _stages(chains) if len(stage.record["spec"]["tasks"]) > 1
        for line in read_metrics(stage.run, "train")
        for task in TASKS if (key := f"weight_{task}") in line
    ]  # fmt: skip
    columns = ["cell", "seed", "stage", "iteration", "task", "weight"]
    return pd.DataFrame(rows, columns=columns).astype({"weight": "float64"})


def remedies(chain: Chain) -> str:
    """Those that the stages after the first were trained with, their options written out, each
    stage's by its name where they differ; "" for none."""
    told = {
        stage: str(read_json(run / RUN)["spec"].get("remedies") or "")
        for stage, run in chain.stages[1:]
    }
    if len(set(told.values())) > 1:
        return "; ".join(f"{stage} {text}" for stage, text in told.items() if text)
    return next(iter(told.values()), "")


class _Stage(NamedTuple):
    """One stage of a chain; ``before``: the iterations of the earlier ones."""

    chain: Chain
    number: int
    name: str
    run: Path
    record: dict[str, Any]
    before: int

    def regular(self, iteration: int) -> bool:
        """Whether it is at the interval of validations, or the last one."""
        interval = self.record["starts"][-1]["interval"]
        return bool(iteration % interval == 0 or iteration == self.record["iteration"])


def _stages(chains: list[Chain]) -> Iterator[_Stage]:
    for chain in chains:
        before = 0
        for number, (name, run) in enumerate(chain.stages):
            record = read_json(run / RUN)
            yield _Stage(chain, number, name, run, record, before)
            before += int(record["iteration"])


def _lines(run: Path) -> list[tuple[str, dict[str, Any]]]:
    lines = [("val", line) for line in read_metrics(run, "val")]
    if (run / TESTS).exists():
        lines += [("test", line) for _, line in read_lines(run / TESTS)]
    return lines


def _read(folder: Path) -> tuple[list[Chain], list[Fault]]:
    """The chains that are listed, and the rows of the list that are no chain."""
    path = folder / STUDY
    faults: list[Fault] = []
    try:
        rows = _rows(path)
    except ValueError as error:  # opened in any case: the trace of a page knows what it opened
        if not isinstance(error.__cause__, FileNotFoundError | NotADirectoryError):
            raise
        rows, faults = lineages.find(folder)
    chains: dict[tuple[str, int], Chain] = {}
    for number, row in enumerate(rows, start=1):
        try:
            chain = _chain(folder, row)
            if (chain.cell, chain.seed) in chains:
                raise ValueError(f"{_told(chain)} is there a second time, the first one counts")
            chains[chain.cell, chain.seed] = chain
        except (KeyError, TypeError, ValueError) as error:
            reason = f"no {error}" if isinstance(error, KeyError) else str(error)
            faults.append(Fault(path, None, reason, _place(number, row)))
    return list(chains.values()), faults


def _rows(path: Path) -> list[Any]:
    rows = read_json(path).get("chains")
    if not isinstance(rows, list):
        raise ValueError(f"{path}: is of no study of several tasks: it has no list of chains")
    return rows


def _chain(folder: Path, row: Any) -> Chain:
    """Raises KeyError, TypeError or ValueError for a row that is no chain."""
    cell, seed = str(row["cell"]), row["seed"]
    stages = tuple((stage["stage"], folder / stage["run"]) for stage in row["stages"])
    if type(seed) is not int:  # true is one of Python's
        raise ValueError(f"seed {seed!r} is no whole number")
    if not stages:
        raise ValueError("it has no stages")
    return Chain(cell, seed, stages)


def _replicates(chains: list[Chain]) -> tuple[list[Chain], list[Fault]]:
    """The chains without the `strangers` among them, and what is wrong with those."""
    odd = {}
    for chain, own, names in strangers(chains):
        reason = f"it differs from seed {own.seed}, which counts, in more than the seed{names}"
        odd[_told(chain)] = Fault(chain.runs[-1] / RUN, None, reason, _told(chain))
    return [chain for chain in chains if _told(chain) not in odd], list(odd.values())


def _place(number: int, row: Any) -> str:
    """What a row is called that may be no chain."""
    cell = f", {row['cell']}" if isinstance(row, dict) and "cell" in row else ""
    return f"chain {number}{cell}"


def _told(chain: Chain) -> str:
    return f"{chain.cell}, seed {chain.seed}"


def _checked(run: Path) -> bool | Fault:
    """Whether it has test scores, or what is wrong with it."""
    try:
        return check_run(run)
    except FaultError as error:
        return error.fault
