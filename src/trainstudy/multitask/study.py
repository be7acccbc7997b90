"""Train the cells of a study: every stage that several cells share once, for every seed.

``study.json`` beside the run folders says after each chain which runs are whose, so every prefix of
a long sweep is a study.

usage: python -m trainstudy.multitask.study PLAN.yml --runs-root runs/multitask --processes 8
"""

import argparse
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from trainstudy.files import write_json
from trainstudy.multitask.evaluate import evaluate_run
from trainstudy.multitask.jobs import Chains, Sets, is_trained, jobs_of, refuse_other_plan
from trainstudy.multitask.parameters import TrainMultitask
from trainstudy.multitask.plan import StudyPlan, read_plan
from trainstudy.multitask.run import Ended, StageRun
from trainstudy.multitask.ways import Stage
from trainstudy.runs.chains import Chain, listed_chains
from trainstudy.runs.record import STUDY
from trainstudy.training.processes import spread
from trainstudy.training.recorded import iterate_run
from trainstudy.training.turns import exhaust, take_turns


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
    ``processes``, which share the GPUs; that changes no number. Raises ValueError for both, for a
    ``runs_root`` that has the same cells of another plan, for test sets that are not as described,
    and what a single training raises, after the others have ended.
    """
    _check_counts(at_once, processes)
    sets = Sets()
    order, chains = jobs_of(plan, cells, seeds, sets, where)
    root = order[0].parameters.runs
    refuse_other_plan(root, chains, sets)
    if plan.test:
        for job in order:  # before the first training, as they are needed after it
            sets.tests(job.parameters)
    after = [job.parent.place if job.parent else None for job in order]

    # processes beside each other have one line together; in this one every run has its own
    progress = tqdm(total=len(order), desc=root.name, disable=quiet or processes == 1)
    silent = quiet or processes > 1

    def ended(place: int, result: Ended) -> None:
        order[place].ended.append(result)
        _write(root, chains)
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
    return root / STUDY


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

    A chain is trained where the study lists runs of just these inputs, which reached their ends. Of
    a chain that has been begun, and not ended, all stages count as left. Raises ValueError
    as `train_study` does before it trains.
    """
    sets = Sets()
    order, chains = jobs_of(plan, cells, seeds, sets, where)
    root = order[0].parameters.runs
    refuse_other_plan(root, chains, sets)
    listed = {(chain.cell, chain.seed): chain for chain in listed_chains(root)}
    known = {
        key for key, jobs in chains.items() if key in listed and is_trained(listed[key], jobs, sets)
    }
    counted = {job.place for key, jobs in chains.items() if key in known for job in jobs}
    found = []
    for cell in dict.fromkeys(cell for cell, _ in chains):
        own = {key: jobs for key, jobs in chains.items() if key[0] == cell}
        left = {job.place for jobs in own.values() for job in jobs} - counted
        counted |= left
        iterations = sum(order[place].run(sets).parameters.until for place in left)
        trained = len(own.keys() & known)
        found.append(Outlook(cell, len(own), trained, len(left), iterations))
    return found


@dataclass(frozen=True)
class _Training:
    """What one stage is trained from, in this process or another one."""

    given: TrainMultitask
    stage: Stage
    earlier: tuple[Ended, ...]
    beside: int
    test: bool
    quiet: bool

    def iterate(self, sets: Sets) -> Generator[int, None, Ended]:
        """Train it to its end and test it if asked to, an iteration at a time."""
        run = StageRun(self.given, self.stage, sets.splits(self.given), self.earlier, self.beside)
        folder = yield from iterate_run(run, planned=True, quiet=self.quiet)
        if self.test:
            evaluate_run(folder, sets.tests(self.given), self.given.device)
        return Ended(self.stage, folder, run.parameters.until)


_sets = cache(Sets)  # of a process that trains one stage after the other


def _train(training: _Training) -> Ended:
    """What such a process is asked for."""
    return exhaust(training.iterate(_sets()))


def _check_counts(at_once: int, processes: int) -> None:
    for name, count in (("at_once", at_once), ("processes", processes)):
        if count < 1:
            raise ValueError(f"parameter {name!r}: must be at least 1 (got {count})")
    if at_once > 1 and processes > 1:
        raise ValueError("parameters 'at_once' and 'processes': one of them has to be 1")


def _write(root: Path, chains: Chains) -> None:
    """The chains that are trained to their ends, beside those that the file has already."""
    ended = [
        Chain(*key, tuple((job.stage.name, job.ended[0].folder) for job in jobs))
        for key, jobs in chains.items()
        if all(job.ended for job in jobs)
    ]
    new = {(chain.cell, chain.seed) for chain in ended}
    kept = [chain for chain in listed_chains(root) if (chain.cell, chain.seed) not in new]
    write_json(root / STUDY, {"chains": [chain.row for chain in (*kept, *ended)]})


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
    except ExceptionGroup as group:
        told, others = group.split((ValueError, OSError))
        if told is None or others:
            raise
        parser.error("\n".join(map(str, told.exceptions)))


if __name__ == "__main__":
    main()
