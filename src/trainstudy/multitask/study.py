"""Train the cells of a study: every stage that several cells share once, for every seed.

``study.json`` beside the run folders says after each chain which runs are whose, so every prefix of
a long sweep is a study.

usage: python -m trainstudy.multitask.study PLAN.yml --runs-root runs/multitask --processes 8
"""

import argparse
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from trainstudy.files import read_json, write_json
from trainstudy.multitask.data import Splits, TaskSet
from trainstudy.multitask.evaluate import evaluate_run
from trainstudy.multitask.parameters import TrainMultitask
from trainstudy.multitask.plan import StudyPlan, read_plan
from trainstudy.multitask.run import Ended, StageRun, load_splits
from trainstudy.multitask.ways import Stage
from trainstudy.runs.identity import digest
from trainstudy.runs.record import STUDY
from trainstudy.training.processes import spread
from trainstudy.training.recorded import iterate_run
from trainstudy.training.turns import exhaust, take_turns


@dataclass
class _Job:
    """A stage to train, the job before it, and what it became."""

    parameters: TrainMultitask
    stage: Stage
    parent: "_Job | None"
    place: int
    ended: list[Ended] = field(default_factory=list)

    def run(self, splits: Mapping[str, Splits]) -> StageRun:
        """The training, as far as it is known before its parents have ended."""
        return StageRun(self.parameters, self.stage, splits)

    def earlier(self) -> tuple[Ended, ...]:
        return (*self.parent.earlier(), *self.parent.ended) if self.parent else ()


def train_study(
    plan: StudyPlan,
    *,
    cells: Sequence[str] | None = None,
    seeds: Sequence[int] | None = None,
    at_once: int = 1,
    processes: int = 1,
    quiet: bool = False,
    **where: Any,
) -> Path:
    """Train or resume the named cells (all) with some seeds (the plan's); path of ``study.json``.

    ``where``: data_root, runs_root, device. All cells of a seed come before the next seed.
    ``at_once`` trainings take turns in this process, or one trains in each of several
    ``processes``, which share the GPUs; that changes no number. Raises ValueError for both, and
    what a single training raises, after the others have ended.
    """
    if at_once > 1 and processes > 1:
        raise ValueError("parameters 'at_once' and 'processes': one of them has to be 1")
    sets = _Sets()
    order, chains = _jobs(plan, cells, seeds, sets, where)
    study = order[0].parameters.runs / STUDY
    after = [job.parent.place if job.parent else None for job in order]

    # processes beside each other have one line together; in this one every run has its own
    progress = tqdm(total=len(order), desc=study.parent.name, disable=quiet or processes == 1)
    silent = quiet or processes > 1

    def ended(place: int, result: Ended) -> None:
        order[place].ended.append(result)
        _write(study, chains)
        progress.update()

    def training(place: int) -> _Training:
        job, beside = order[place], max(at_once, processes)
        return _Training(job.parameters, job.stage, job.earlier(), beside, plan.test, silent)

    def train(place: int) -> Generator[int, None, None]:
        ended(place, (yield from training(place).iterate(sets)))

    with progress:
        if processes > 1:
            spread(_train, training, after, processes=processes, done=ended)
        else:
            starts = [partial(train, place) for place in range(len(order))]
            take_turns(starts, at_once=at_once, after=after)
    return study


@dataclass(frozen=True)
class Outlook:
    """What there is of a cell, and what is left: ``trained`` of its ``chains``, and the
    ``trainings`` and their ``iterations`` that no earlier cell of the plan needs as well."""

    cell: str
    chains: int
    trained: int
    trainings: int
    iterations: int


def outlook(
    plan: StudyPlan,
    *,
    cells: Sequence[str] | None = None,
    seeds: Sequence[int] | None = None,
    **where: Any,
) -> list[Outlook]:
    """What `train_study` with these would find trained and train, cell by cell; nothing is trained.

    Of a chain that has been begun, and not ended, all stages count as left.
    """
    sets = _Sets()
    order, chains = _jobs(plan, cells, seeds, sets, where)
    study = order[0].parameters.runs / STUDY
    known = {(row["cell"], row["seed"]) for row in _trained(study)}
    counted = {job.place for key, jobs in chains.items() if key in known for job in jobs}
    found = []
    for cell in dict.fromkeys(cell for cell, _ in chains):
        own = {key: jobs for key, jobs in chains.items() if key[0] == cell}
        left = {job.place for jobs in own.values() for job in jobs} - counted
        counted |= left
        runs = [order[place].run(sets.splits(order[place].parameters)) for place in left]
        iterations = sum(run.parameters.until for run in runs)
        trained = len(own.keys() & known)
        found.append(Outlook(cell, len(own), trained, len(left), iterations))
    return found


class _Sets:
    """The sets of all trainings of a process, each loaded once."""

    def __init__(self) -> None:
        self._splits = cache(load_splits)
        self._tests = cache(lambda *where: {t: s.test() for t, s in self._splits(*where).items()})

    def splits(self, given: TrainMultitask) -> Mapping[str, Splits]:
        return self._splits(given.data_root, given.size)

    def tests(self, given: TrainMultitask) -> Mapping[str, TaskSet]:
        return self._tests(given.data_root, given.size)


@dataclass(frozen=True)
class _Training:
    """What one stage is trained from, in this process or another one."""

    given: TrainMultitask
    stage: Stage
    earlier: tuple[Ended, ...]
    beside: int
    test: bool
    quiet: bool

    def iterate(self, sets: _Sets) -> Generator[int, None, Ended]:
        """Train it to its end and test it if asked to, an iteration at a time."""
        run = StageRun(self.given, self.stage, sets.splits(self.given), self.earlier, self.beside)
        folder = yield from iterate_run(run, planned=True, quiet=self.quiet)
        if self.test:
            evaluate_run(folder, sets.tests(self.given), self.given.device)
        return Ended(self.stage, folder, run.parameters.until)


_sets = cache(_Sets)  # of a process that trains one stage after the other


def _train(training: _Training) -> Ended:
    """What such a process is asked for."""
    return exhaust(training.iterate(_sets()))


def _jobs(
    plan: StudyPlan,
    cells: Sequence[str] | None,
    seeds: Sequence[int] | None,
    sets: _Sets,
    where: Mapping[str, Any],
) -> tuple[list[_Job], dict[tuple[str, int], list[_Job]]]:
    """Every stage of the named cells (all) with some seeds (the plan's) once, in order, and the
    stages of each cell and seed. Raises ValueError naming a cell that the plan has not."""
    chosen = [cell for cell in plan.cells if cells is None or cell.name in cells]
    if unknown := sorted(set(cells or ()) - {cell.name for cell in chosen}):
        raise ValueError(f"parameter 'cells': the plan has no {unknown}")
    jobs: dict[str, _Job] = {}
    chains = {}
    for seed in plan.seeds if seeds is None else seeds:
        for cell in chosen:
            given = plan.chain(cell, seed, **where)
            chains[cell.name, seed] = _chain(given, sets.splits(given), jobs)
    return list(jobs.values()), chains


def _chain(
    given: TrainMultitask, splits: Mapping[str, Splits], jobs: dict[str, _Job]
) -> list[_Job]:
    """The jobs of one cell, those that are new added to ``jobs``: known by their inputs and by
    the job that they start from."""
    found: list[_Job] = []
    key = ""
    for stage in given.stages:
        parent = found[-1] if stage.parent else None
        job = _Job(given, stage, parent, len(jobs))
        key = digest({"inputs": job.run(splits).inputs, "parent": key if parent else None})
        found.append(jobs.setdefault(key, job))
    return found


def _trained(study: Path) -> list[dict[str, Any]]:
    """The chains that are trained to their ends, as the file has them."""
    found: list[dict[str, Any]] = read_json(study)["chains"] if study.exists() else []
    return found


def _write(study: Path, chains: Mapping[tuple[str, int], Sequence[_Job]]) -> None:
    """The chains that are trained to their ends, beside those that the file has already."""
    ended = {
        key: [{"stage": job.stage.name, "run": job.ended[0].folder.name} for job in jobs]
        for key, jobs in chains.items()
        if all(job.ended for job in jobs)
    }
    rows = [row for row in _trained(study) if (row["cell"], row["seed"]) not in ended]
    rows += [{"cell": cell, "seed": seed, "stages": runs} for (cell, seed), runs in ended.items()]
    write_json(study, {"chains": rows})


def _told(rows: Sequence[Outlook]) -> str:
    """A line a cell, and the sum of all."""
    names = ("chains", "trained", "trainings", "iterations")
    whole = Outlook(f"all {len(rows)} cells", *(sum(getattr(r, n) for r in rows) for n in names))
    return "\n".join(
        f"{row.cell}: {row.trained} of {row.chains} trained, trainings left {row.trainings:,}, "
        f"iterations {row.iterations:,}"
        for row in (*rows, whole)
    )


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        "python -m trainstudy.multitask.study",
        description="Train or resume the cells of a plan; prints the path of study.json.",
    )
    parser.add_argument("plan", type=Path, help="a YAML file")
    parser.add_argument("--cells", nargs="+", metavar="NAME", help="these alone")
    parser.add_argument("--seeds", nargs="+", type=int, help="in place of the plan's")
    parser.add_argument("--at-once", type=int, default=1, help="trainings that take turns")
    parser.add_argument("--processes", type=int, default=1, help="that train, over all GPUs")
    parser.add_argument("--runs-root", help="where run folders go; default: runs/ of the project")
    parser.add_argument("--dry-run", action="store_true", help="say what is left, train nothing")
    parser.add_argument("--data-root", help="the folder with mini/, or: synthetic")
    parser.add_argument("--device", help="auto, cpu or cuda")
    given = vars(parser.parse_args(words))
    where = {name: given.pop(name) for name in ("runs_root", "data_root", "device")}
    where = {name: value for name, value in where.items() if value is not None}
    dry = given.pop("dry_run")
    try:
        plan = read_plan(given.pop("plan"))
        if dry:
            print(_told(outlook(plan, cells=given["cells"], seeds=given["seeds"], **where)))
        else:
            print(train_study(plan, **given, **where))
    except (ValueError, OSError) as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
