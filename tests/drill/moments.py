"""The moments at which the drill kills, and what the disk must look like when it has."""

import json
import zipfile
from pathlib import Path

from safetensors import SafetensorError, safe_open
from tripwire import Evidence, Moment, size

MODEL, OPTIMIZER = r"\.draft_\d+/model\.safetensors$", r"\.draft_\d+/optimizer\.safetensors$"
INDEX, DRAFT, LOG = r"\.draft_\d+/checkpoint\.json$", r"\.draft_\d+$", r"metrics\.jsonl$"
CONFUSIONS, RECORD = r"iter_\d+\.draft\.npz$", r"/\.run\.json\.\d+$"
FINAL, RUN, TRUNK = r"runs/.*/iter_\d+", r"runs/[^/]+$", r"trunk/.*/iter_\d+$"

MOMENTS = [
    Moment("save: empty draft folder", "mkdir", "after", DRAFT),
    Moment("save: half of model.safetensors", "save", "half", MODEL),
    Moment("save: model.safetensors not flushed", "save", "after", MODEL),
    Moment("save: model.safetensors flushed, no optimizer", "fsync", "after", MODEL),
    Moment("save: half of optimizer.safetensors", "save", "half", OPTIMIZER),
    Moment("save: optimizer.safetensors not flushed", "save", "after", OPTIMIZER),
    Moment("save: optimizer.safetensors flushed, no index", "fsync", "after", OPTIMIZER),
    Moment("save: half of checkpoint.json", "write", "half", INDEX),
    Moment("save: checkpoint.json not flushed", "write", "after", INDEX),
    Moment("save: whole draft, before the rename", "rename", "before", DRAFT),
    Moment("save: renamed, folder not flushed", "rename", "after", DRAFT),
    Moment("save: done, nothing pruned", "fsync", "after", r"checkpoints$"),
    Moment("prune: part of an old checkpoint removed", "unlink", "after", FINAL, repeats=3),
    Moment("prune: old checkpoint emptied", "rmdir", "before", FINAL, (1, 2), 3),
    Moment("prune: old checkpoint gone", "rmdir", "after", FINAL, (1, 2), 2),
    Moment("log: half of a line", "flush", "half", LOG, (1, 3, 4, 7)),
    Moment("log: line written", "flush", "after", LOG, (2, 5, 6, 10)),
    Moment("log: before the commit", "commit", "before", LOG),
    Moment("log: half of a validation committed", "commit", "half", LOG),
    Moment("log: written, not flushed", "fsync", "before", LOG),
    Moment("log: committed, no checkpoint", "commit", "after", LOG),
    Moment("validate: about to", "evaluate", "before"),
    Moment("validate: in the middle", "compare", "after", "", (1, 3, 5, 9)),
    Moment("validate: done, not recorded", "evaluate", "after"),
    Moment("confusions: half of a draft", "compress", "half", CONFUSIONS),
    Moment("confusions: whole draft, not renamed", "replace", "before", CONFUSIONS),
    Moment("confusions: renamed", "replace", "after", CONFUSIONS),
    Moment("run.json: half of a draft", "write", "half", RECORD, (1, 2)),
    Moment("run.json: draft not flushed", "write", "after", RECORD, (1, 2)),
    Moment("run.json: whole draft, not renamed", "replace", "before", RECORD, (1, 2)),
    Moment("run.json: renamed, folder not flushed", "replace", "after", RECORD, (1, 2)),
    Moment("run.json: done", "fsync", "after", RUN, (1, 2)),
]

# these come only in a run that was stopped before
RESUMING = [
    Moment("resume: checkpoint verified", "load", "after", FINAL, (1,)),
    Moment("resume: loaded, log not cut back", "open", "before", LOG, (1,)),
    LOG_OPENED := Moment("resume: log cut back", "open", "after", LOG, (1,)),
]
# this after the newest checkpoint was damaged: it is the first to be removed in the next save
REPLACING = Moment("save: part of a damaged predecessor removed", "unlink", "after", FINAL, (1,))
BRANCHING = Moment("branch: origin loaded", "load", "after", TRUNK, (1,))


# what these leave on the disk is there before and after them
STAYING = ("save", "write", "compress", "flush", "commit", "fsync", "load", "open")


def contradiction(moment: Moment, seen: Evidence, runs: Path) -> str | None:
    """What on the disk, now that the process is dead, does not fit a kill at ``moment``."""
    paths = [Path(path) for path in seen.paths]
    if seen.moment != moment.name:
        return f"evidence of {seen.moment!r}"
    if (sizes := tuple(map(size, seen.paths))) != seen.sizes:
        return f"{seen.paths}: sizes {seen.sizes} at the kill, {sizes} after it"
    match (moment.operation, moment.phase, *sizes):
        case ("mkdir", "after", 0) | ("rmdir", "before", 0) | ("rmdir", "after", None):
            fits = True
        case ("unlink", "after", None):
            fits = paths[0].parent.is_dir()
        case (_, "half", _):
            fits = is_torn(paths[0])
        case ("rename", "before", int(), None) | ("replace", "before", int(), _):
            fits = True
        case ("rename" | "replace", "after", None, int()):
            fits = True
        case ("evaluate" | "compare", _) | ("commit", "before", _):
            fits = any(map(awaits_validation, runs.glob("*/metrics.jsonl")))
        case (operation, _, int()):
            fits = operation in STAYING
        case _:
            fits = False
    return None if fits else f"{seen.paths} with sizes {sizes}: not {moment.name!r}"


def awaits_validation(log: Path) -> bool:
    """Whether a log ends with a trained iteration whose boundary has nothing on disk yet."""
    last = json.loads(log.read_bytes().splitlines()[-1])
    return (
        last["kind"] == "train"
        and not (log.parent / "checkpoints" / f"iter_{last['iteration']}").exists()
    )


def is_torn(path: Path) -> bool:
    """Whether a file begins like one of its kind and is not a whole one."""
    if path.stat().st_size == 0:
        return False
    try:
        if path.suffix == ".safetensors":
            with safe_open(path, "np"):
                return False
        if path.suffix == ".npz":
            return not zipfile.is_zipfile(path)
        if path.suffix == ".jsonl":
            return not path.read_bytes().endswith(b"\n")
        json.loads(path.read_text())
    except (SafetensorError, ValueError):
        return True
    return False
