"""The trainings that a plan asks for: the stages of its cells, those that several share once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from trainstudy.multitask.data import Splits, TaskSet
from trainstudy.multitask.parameters import TrainMultitask
from trainstudy.multitask.plan import StudyPlan
from trainstudy.multitask.run import Ended, StageRun, load_splits
from trainstudy.multitask.ways import Stage
from trainstudy.runs.chains import Chain, differing, inputs_of, listed_chains
from trainstudy.runs.faults import check_record
from trainstudy.runs.identity import digest
from trainstudy.runs.record import RUN


class Sets:
    """The sets of all trainings of a process, each loaded once."""

    def __init__(self) -> None:
        self._splits = cache(load_splits)
        self._tests = cache(lambda *where: {t: s.test() for t, s in self._splits(*where).items()})

    def splits(self, given: TrainMultitask) -> Mapping[str, Splits]:
        return self._splits(given.data_root, given.size)

    def tests(self, given: TrainMultitask) -> Mapping[str, TaskSet]:
        return self._tests(given.data_root, given.size)


@dataclass
class Job:
    """A stage to train, the job before it, and what it became."""

    parameters: TrainMultitask
    stage: Stage
    parent: "Job | None"
    place: int
    ended: list[Ended] = field(default_factory=list)

    def run(self, sets: Sets, earlier: tuple[Ended, ...] = ()) -> StageRun:
        """The training; without ``earlier`` as far as it is known before those have ended."""
        return StageRun(self.parameters, self.stage, sets.splits(self.parameters), earlier)

    def earlier(self) -> tuple[Ended, ...]:
        return (*self.parent.earlier(), *self.parent.ended) if self.parent else ()


Chains = dict[tuple[str, int], list[Job]]  # the stages of each cell and seed


def jobs_of(
    plan: StudyPlan,
    cells: Sequence[str] | None,
    seeds: Sequence[int] | None,
    sets: Sets,
    where: Mapping[str, Any],
) -> tuple[list[Job], Chains]:
    """Every stage of the named cells (all) with some seeds (the plan's) once, in order, and the
    stages of each cell and seed. Raises ValueError naming a cell that the plan has not."""
    chosen = [cell for cell in plan.cells if cells is None or cell.name in cells]
    if unknown := sorted(set(cells or ()) - {cell.name for cell in chosen}):
        raise ValueError(f"parameter 'cells': the plan has no {unknown}")
    jobs: dict[str, Job] = {}
    chains = {}
    for seed in plan.seeds if seeds is None else seeds:
        for cell in chosen:
            given = plan.chain(cell, seed, **where)
            chains[cell.name, seed] = _chain(given, sets, jobs)
    return list(jobs.values()), chains


def _chain(given: TrainMultitask, sets: Sets, jobs: dict[str, Job]) -> list[Job]:
    """The jobs of one cell, those that are new added to ``jobs``: known by their inputs and by
    the job that they start from."""
    found: list[Job] = []
    key = ""
    for stage in given.stages:
        parent = found[-1] if stage.parent else None
        job = Job(given, stage, parent, len(jobs))
        key = digest({"inputs": job.run(sets).inputs, "parent": key if parent else None})
        found.append(jobs.setdefault(key, job))
    return found


def refuse_other_plan(root: Path, chains: Chains, sets: Sets) -> None:
    """Raise ValueError where the study in ``root`` has one of the cells with other inputs, for a
    seed that is not asked for and so would stay beside them: all seeds of a cell are replicates.
    Records that do not tell their inputs are passed over."""
    planned = {cell: jobs for (cell, _), jobs in chains.items()}
    for chain in listed_chains(root):
        if chain.cell not in planned or (chain.cell, chain.seed) in chains:
            continue
        try:
            trained = inputs_of(chain)
        except ValueError:
            continue
        if not all(inputs for _, inputs in trained):
            continue
        asked = [(job.stage.name, job.run(sets).inputs) for job in planned[chain.cell]]
        if names := differing(trained, asked):
            raise ValueError(
                f"parameter 'runs_root': {root} holds cell {chain.cell!r} of another plan, seed "
                f"{chain.seed}: its {', '.join(names)} differ; choose another runs_root"
            )


def is_trained(chain: Chain, jobs: Sequence[Job], sets: Sets) -> bool:
    """Whether the runs of a chain are those of the jobs, trained to their ends."""
    ended: list[Ended] = []
    if len(jobs) != len(chain.runs):
        return False
    for job, folder in zip(jobs, chain.runs, strict=True):
        try:
            record = check_record(folder / RUN)
            run = job.run(sets, tuple(ended) if job.parent else ())
            same = record.get("inputs") == run.inputs
        except (KeyError, ValueError):  # records that cannot be read, or are of something else
            return False
        if not same or record["iteration"] < run.parameters.until:
            return False
        ended.append(Ended(job.stage, folder, run.parameters.until))
    return True
