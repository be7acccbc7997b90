"""The chains of single trainings, where no ``study.json`` tells them: read from their records.

Every run that was trained to its end stands for the path of stages that led to it, also where
others went on from it: the first stage of a sequence is a single-task training as well. Runs on one
path that are replicates of each other are the seeds of one cell.

Cells are called as those of ``reports/training_strategy/plan.yml``. Of several with one name, the
one that is nearest to the plan's common parameters keeps it, and the others tell behind it what
they do differently, in the end by a short digest.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainstudy.runs.faults import Fault, FaultError, is_ended, load_record
from trainstudy.runs.record import METRICS, RUN, STUDY
from trainstudy.tasks import TASKS

PLAIN = {
    "weighting=report_formula", "schedule=constant", "rate=0.001", "epochs=50", "batch_size=16",
    "backbone=efficientnet_lite0", "backbone_rate=0.1", "size=320", "smoothing=0.0", "seg_loss=ce",
    "det_loss=quality_focal", "cls_loss=ce", "weight_decay=0.01", "precision=bfloat16",
}  # fmt: skip
SAID = ("replay", "frozen")  # remedies that a name says how much of
MIXES = {"in turn": "warmup", "ramp": "transition"}  # phases by how they mix tasks
PHASES = {"warmup": 0.1, "transition": 0.0, "finetune": 0.1}  # of joint training, by default
DIGITS = 6  # of a digest
EXPECTED = (
    f"expected a study's folder, with {STUDY}, or the runs_root of trainings of several tasks, "
    f"with a {RUN} in each of their folders"
)


@dataclass(frozen=True)
class _Training:
    """What tells of a run that was trained to its end: ``runs`` are those of its path, it being
    the last; ``remedies`` those of its later stages, by the name of the stage."""

    seed: int
    stages: tuple[str, ...]
    runs: tuple[str, ...]
    replicate_of: str
    remedies: dict[str, str]
    words: tuple[str, ...]

    @property
    def row(self) -> dict[str, Any]:
        """What ``study.json`` would say of it, but for the cell."""
        pairs = zip(self.stages, self.runs, strict=True)
        return {"seed": self.seed, "stages": [{"stage": s, "run": run} for s, run in pairs]}


def find(folder: Path) -> tuple[list[dict[str, Any]], list[Fault]]:
    """The chains in ``folder`` as ``study.json`` would list them, and what could not be read.

    Runs that were not trained to their end are left out. Raises ValueError, telling what is
    expected, where no run of several tasks is there.
    """
    records, faults = _records(folder)
    if not records:
        told = f"; passed over {faults[0].text}" if faults else ""
        raise ValueError(f"{folder / STUDY}: there is no such file; {EXPECTED}{told}")
    cells: dict[tuple[str, str], dict[int, _Training]] = defaultdict(dict)
    for name, record in records.items():
        path = folder / name / RUN
        try:
            if not is_ended(record):
                continue
            found = _training(name, records)
        except KeyError as error:
            faults.append(Fault(path, None, f"no {error}"))
        except (TypeError, ValueError, AttributeError) as error:
            faults.append(Fault(path, None, str(error)))
        else:
            first = cells[found.stages[-1], found.replicate_of].setdefault(found.seed, found)
            if first is not found:
                reason = f"a second one of its kind with seed {found.seed}: {first.runs[-1]} counts"
                faults.append(Fault(path, None, reason))
    named = _named([[seeds[seed] for seed in sorted(seeds)] for seeds in cells.values()])
    return [{"cell": cell, **one.row} for cell, trainings in named for one in trainings], faults


def _records(folder: Path) -> tuple[dict[str, dict[str, Any]], list[Fault]]:
    """Those of trainings of several tasks, by the name of the run; those of other trainings, which
    have no stages, may lie beside them and are no fault."""
    found, faults = {}, []
    paths = [path for name in (RUN, METRICS) for path in folder.glob(f"*/{name}")]
    for run in sorted({path.parent for path in paths}):
        try:
            record = load_record(run / RUN)
        except FaultError as error:
            faults.append(error.fault)
            continue
        if not isinstance(record.get("spec"), dict):
            faults.append(Fault(run / RUN, None, "no spec"))
        elif "stage" in record["spec"]:
            found[run.name] = record
    return found, faults


def _training(name: str, records: dict[str, dict[str, Any]]) -> _Training:
    """Raises KeyError, TypeError, ValueError or AttributeError for a record that lacks a part."""
    record = records[name]
    spec, seed = record["spec"], record["spec"]["seed"]
    parts = spec["stage"].split(">")
    stages = tuple(">".join(parts[: place + 1]) for place in range(len(parts)))
    runs = (*(record.get("starts_from") or ()), name)
    if len(runs) != len(stages) or type(seed) is not int:
        raise ValueError(f"stage {spec['stage']!r}, seed {seed!r} and starts_from do not agree")
    _refuse_replaced(record, records)
    specs = {s: records.get(run, {}).get("spec", {}) for s, run in zip(stages, runs, strict=True)}
    told = {stage: str(of.get("remedies") or "") for stage, of in list(specs.items())[1:]}
    return _Training(
        seed, stages, runs, str(record["replicate_of"]), told, tuple(_words(record, told))
    )


def _refuse_replaced(record: dict[str, Any], records: dict[str, dict[str, Any]]) -> None:
    """Raise ValueError where a run that it started from has been trained anew since: what that one
    scores now is no base of this one."""
    told = record["inputs"].get("earlier", ())
    for name, earlier in zip(record.get("starts_from") or (), told, strict=False):
        now = records.get(name, {}).get("checkpoint")
        if now and now["sha256"] != earlier["sha256"]:
            raise ValueError(f"it started from another training than the one that {name} is now")


def _words(record: dict[str, Any], remedies: dict[str, str]) -> Iterator[str]:
    """What may set a training apart from another one on its path, the plainest first."""
    given, spec = record["inputs"], record["spec"]
    if spec.get("weighting"):
        yield f"weighting={spec['weighting']}"
    yield f"schedule={spec.get('schedule', '').partition(':')[0]}"
    if "learning_rate" in given:
        yield f"rate={given['learning_rate']:g}"
    if rates := given.get("learning_rates"):
        yield "rates=" + "+".join(f"{task}:{rate:g}" for task, rate in rates.items())
    yield from _lengths(spec["tasks"], given.get("phases", ()))
    for text in dict.fromkeys(remedies.values()):
        yield from (f"{name}:{option}" for name, options in _parsed(text) for option in options)
    other = set(given) - {"seed", "weighting", "schedule", "learning_rate", "epoch", "remedies"}
    yield from (
        f"{name}={given[name]}"
        for name in sorted(other)
        if isinstance(given[name], str | int | float)
    )
    if trained := record.get("data", {}).get(f"train {spec['tasks'][-1]}"):
        yield f"data={trained['name'].partition('/')[0]}"


def _lengths(tasks: Sequence[str], phases: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Of a stage, in epochs of every task, and of its phases where they are not as by default."""
    lengths: dict[str, float] = defaultdict(float)
    for phase in phases:
        kind = MIXES.get(phase["mix"]) or ("finetune" if phase["rate"] != 1 else "together")
        lengths[kind] += phase["epochs"] * len(phase["tasks"]) / len(tasks)
    whole = sum(lengths.values())
    yield f"epochs={whole:g}"
    for kind, share in PHASES.items():
        if not math.isclose(lengths[kind], share * whole):
            yield f"{kind}={lengths[kind]:g}"


def _parsed(text: str) -> list[tuple[str, list[str]]]:
    """Remedies and their options, ``lwf:strength=1.0,temperature=2.0,own_rows``."""
    found: list[tuple[str, list[str]]] = []
    for item in filter(None, text.split(",")):
        name, colon, option = item.partition(":")
        if not colon and "=" in item and found:  # one more option of the last remedy
            found[-1][1].append(item)
        else:
            found.append((name, [option] if option else []))
    return found


def _named(cells: Sequence[list[_Training]]) -> list[tuple[str, list[_Training]]]:
    """The cells under different names: single tasks, joint, the longest sequences, then others."""
    alike: dict[str, list[list[_Training]]] = defaultdict(list)
    for trainings in cells:
        alike[_name(trainings[0])].append(trainings)
    found = [pair for name, group in alike.items() for pair in _told_apart(name, group)]
    return sorted(found, key=_place)


def _told_apart(name: str, cells: list[list[_Training]]) -> Iterator[tuple[str, list[_Training]]]:
    first, *others = sorted(cells, key=_departure)
    taken = {name}
    yield name, first
    for trainings in others:
        words = [word for word in trainings[0].words if word not in first[0].words]
        own = " ".join([name, *words])
        if own in taken:
            own += f" {trainings[0].replicate_of[:DIGITS]}"
        taken.add(own)
        yield own, trainings


def _departure(trainings: list[_Training]) -> tuple[Any, ...]:
    """How far a cell is from the plan's parameters; of equal ones that of most seeds is first."""
    one = trainings[0]
    return len(set(one.words) - PLAIN), -len(trainings), one.words, one.replicate_of


def _name(training: _Training) -> str:
    """The way of a training and its remedies, which always tell: without them it is another."""
    way, told = _way(training.stages[-1]), training.remedies
    if len(set(told.values())) <= 1:
        return " ".join([way, *_short(next(iter(told.values()), ""))])
    return " ".join(
        [way, *(f"{s.split('>')[-1]}:{'+'.join(_short(text))}" for s, text in told.items() if text)]
    )


def _short(text: str) -> Iterable[str]:
    for name, options in _parsed(text):
        amounts = [option.partition("=")[2] for option in options]
        yield f"{name}={amounts[0]}" if name in SAID and amounts else name


def _way(stage: str) -> str:
    """The order that leads to a stage, as parameters write it."""
    parts = stage.split(">")
    tasks = parts[-1].split("+")
    if len(parts) == 1:
        if tasks == list(TASKS):
            return "joint"
        return f"{'single' if len(tasks) == 1 else 'joint'}:{','.join(tasks)}"
    if all("+" not in part for part in parts):
        return ",".join(parts)
    return f"cumulative:{','.join(tasks)}"


def _place(named: tuple[str, list[_Training]]) -> tuple[Any, ...]:
    """Where a cell stands in the study: tables and figures begin with the first of a kind."""
    name, (training, *_) = named
    way = name.partition(" ")[0]
    kinds = ("single:", "joint", "", "cumulative:")
    kind = next((k for k in ("single:", "joint", "cumulative:") if way.startswith(k)), "")
    order = [TASKS.index(task) for task in way.rpartition(":")[2].split(",") if task in TASKS]
    return kinds.index(kind), -len(training.stages), order, name
