"""The chains of single trainings, where no ``study.json`` tells them: read from their records.

Every run that was trained to its end stands for the path of stages that led to it, also where
others went on from it: the first stage of a sequence is a single-task training as well. Runs on one
path that are replicates of each other are the seeds of one cell.

Cells are called as those of ``reports/training_strategy/plan.yml``: by their way, its remedies, and
what they have otherwise than the plan's common parameters, unless all cells there have it. Of
several with one name, that of the most seeds keeps it, and the others tell behind it their
remedies' options and their data, in the end a short digest.
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
SPANS = ("start", "end", "every")  # options of schedules that follow from the length
USUAL = ("warmup=0", "power=0.9", "gamma=0.1", "floor=1e-05")  # and others, by default
SAID = ("replay", "frozen")  # remedies that a name says how much of
MIXES = {"in turn": "warmup", "ramp": "transition"}  # phases by how they mix tasks
PHASES = {"warmup": 0.1, "transition": 0.0, "finetune": 0.1}  # of joint training, by default
TOLD = {"seed", "weighting", "schedule", "learning_rate", "epoch", "remedies"}  # in other words
DIGITS = 6  # of a digest
EXPECTED = (
    f"expected a study's folder, with {STUDY}, or the runs_root of trainings of several tasks, "
    f"with a {RUN} in each of their folders"
)


@dataclass(frozen=True)
class _Training:
    """What tells of a run that was trained to its end: ``runs`` are those of its path, it being
    the last; ``name`` is of its way and remedies, ``words`` tell of its set-up, and ``details``
    are told only beside others of its name."""

    seed: int
    stages: tuple[str, ...]
    runs: tuple[str, ...]
    replicate_of: str
    name: str
    words: tuple[str, ...]
    details: tuple[str, ...]

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
    by_sum = {
        _sum(record["checkpoint"]): name
        for name, record in reversed(records.items())  # of equal ones the first
        if isinstance(record.get("checkpoint"), dict)
    }
    cells: dict[tuple[str, str], dict[int, _Training]] = defaultdict(dict)
    for name, record in records.items():
        path = folder / name / RUN
        try:
            if not is_ended(record):
                continue
            found = _training(name, records, by_sum)
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
    have no stages, may lie beside them and are no fault, as drafts are, with a dot before them."""
    found, faults = {}, []
    paths = [path for name in (RUN, METRICS) for path in folder.glob(f"*/{name}")]
    for run in sorted({path.parent for path in paths if path.parent.name[0] != "."}):
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


def _training(
    name: str, records: Mapping[str, dict[str, Any]], by_sum: Mapping[str, str]
) -> _Training:
    """Raises KeyError, TypeError, ValueError or AttributeError for a record that lacks a part."""
    record = records[name]
    spec, seed = record["spec"], record["spec"]["seed"]
    parts = spec["stage"].split(">")
    stages = tuple(">".join(parts[: place + 1]) for place in range(len(parts)))
    runs = (*_earlier(record, by_sum), name)
    if len(runs) != len(stages) or type(seed) is not int:
        raise ValueError(f"stage {spec['stage']!r}, seed {seed!r} and starts_from do not agree")
    path = {part: records[run] for part, run in zip(parts, runs, strict=True)}
    told = {part: str(of["spec"].get("remedies") or "") for part, of in list(path.items())[1:]}
    return _Training(
        seed, stages, runs, str(record["replicate_of"]),
        " ".join([_way(spec["stage"]), *_remedies(told)]),
        tuple(_words(path)), tuple(_details(record, told)),
    )  # fmt: skip


def _earlier(record: dict[str, Any], by_sum: Mapping[str, str]) -> Iterator[str]:
    """The runs that it started from, by what was in them: merged ones may have other names. Raises
    ValueError for one that is not there: what a later training scores is no base of this one."""
    given = record["inputs"].get("earlier", ())
    for told, earlier in zip(record.get("starts_from") or (), given, strict=False):
        if _sum(earlier) not in by_sum:
            raise ValueError(f"it started from another training than the one that {told} is now")
        yield by_sum[_sum(earlier)]


def _sum(checkpoint: dict[str, Any]) -> str:
    return json.dumps(checkpoint.get("sha256"), sort_keys=True)


def _words(path: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    """The set-up of the stages of a path; what differs between them is told by stage."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for stage, record in path.items():
        for name, value in _set_up(record):
            found[name][stage] = value
    for name, values in found.items():
        if len(set(values.values())) == 1:
            yield f"{name}={next(iter(values.values()))}"
        else:
            yield from (f"{stage}:{name}={value}" for stage, value in values.items())


def _set_up(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    given, spec = record["inputs"], record["spec"]
    if given.get("weighting"):  # none where there is but one loss
        yield "weighting", given["weighting"]
    ((schedule, options),) = _parsed(spec["schedule"])
    own = [o for o in options if o not in USUAL and not o.startswith(SPANS)]
    yield "schedule", ":".join(filter(None, (schedule, ",".join(own))))
    if "learning_rate" in given:
        yield "rate", f"{given['learning_rate']:g}"
    if rates := given.get("learning_rates"):
        yield "rates", _by_task(rates)
    yield from _lengths(spec["stage"], spec["tasks"], given.get("phases", ()))
    for name in sorted(set(given) - TOLD):
        if isinstance(given[name], str | int | float):
            yield name, str(given[name])


def _lengths(
    stage: str, tasks: Sequence[str], phases: Sequence[dict[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Of a stage, in epochs of every task, and of its phases where they are not as by default."""
    lengths = {kind: dict.fromkeys(tasks, 0.0) for kind in ("together", *PHASES)}
    for phase in phases:
        kind = MIXES.get(phase["mix"]) or ("finetune" if phase["rate"] != 1 else "together")
        for task in phase["tasks"]:
            lengths[kind][task] += phase["epochs"]
    whole = sum(sum(each.values()) for each in lengths.values()) / len(tasks)
    yield "epochs", f"{whole:g}"
    for kind, share in PHASES.items():
        usual = share * whole if len(tasks) > 1 and ">" not in stage else 0
        each = lengths[kind]
        if any(not math.isclose(length, usual, abs_tol=1e-9) for length in each.values()):
            one, *others = {f"{length:g}" for length in each.values()}
            yield kind, _by_task(each) if others else one


def _by_task(values: Mapping[str, float]) -> str:
    return "+".join(f"{task}:{value:g}" for task, value in values.items())


def _details(record: dict[str, Any], remedies: Mapping[str, str]) -> Iterator[str]:
    for text in dict.fromkeys(remedies.values()):
        yield from (f"{name}:{option}" for name, options in _parsed(text) for option in options)
    if trained := record.get("data", {}).get(f"train {record['spec']['tasks'][-1]}"):
        yield f"data={trained['name'].partition('/')[0]}"


def _parsed(text: str) -> list[tuple[str, list[str]]]:
    """Remedies, or a schedule, and their options, ``lwf:strength=1.0,temperature=2.0,own_rows``."""
    found: list[tuple[str, list[str]]] = []
    for item in filter(None, text.split(",")):
        name, colon, option = item.partition(":")
        if not colon and "=" in item and found:  # one more option of the last remedy
            found[-1][1].append(item)
        else:
            found.append((name, [option] if option else []))
    return found


def _named(cells: Sequence[list[_Training]]) -> list[tuple[str, list[_Training]]]:
    """The cells under different names: single tasks, joint, the longest sequences, then others.

    The weighting is told also where all have it, as ``joint`` is the report's way.
    """
    counts = Counter(word for cell in cells for word in cell[0].words)
    alike: dict[str, list[list[_Training]]] = defaultdict(list)
    for cell in cells:
        telling = [w for w in cell[0].words if counts[w] < len(cells) or w.startswith("weighting=")]
        own = [word for word in telling if word not in PLAIN]
        alike[" ".join([cell[0].name, *own])].append(cell)
    found = [pair for name, group in alike.items() for pair in _told_apart(name, group)]
    return sorted(found, key=_place)


def _told_apart(name: str, cells: list[list[_Training]]) -> Iterator[tuple[str, list[_Training]]]:
    first, *others = sorted(cells, key=lambda c: (-len(c), c[0].details, c[0].replicate_of))
    taken = {name}
    yield name, first
    for cell in others:
        own = " ".join([name, *(word for word in cell[0].details if word not in first[0].details)])
        if own in taken:
            own += f" {cell[0].replicate_of[:DIGITS]}"
        taken.add(own)
        yield own, cell


def _remedies(told: Mapping[str, str]) -> Iterable[str]:
    """They always tell: without them a training is another."""
    if len(set(told.values())) <= 1:
        return _short(next(iter(told.values()), ""))
    return (f"{stage}:{'+'.join(_short(text))}" for stage, text in told.items() if text)


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
