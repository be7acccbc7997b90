"""Whether a training that its record calls done still is."""

from pathlib import Path

from trainstudy.runs.record import CHECKPOINTS, METRICS, ends_at
from trainstudy.training import checkpoint


def is_intact(folder: Path, iteration: int) -> bool:
    """Whether the checkpoint of ``iteration`` is sound and the log of ``folder`` reaches it.

    One that was deleted, to make room, is no fault.
    """
    path = folder / CHECKPOINTS / f"iter_{iteration}"
    if not path.exists():
        return True
    try:
        found = checkpoint.load(path)
    except checkpoint.DamagedCheckpointError:
        return False
    return ends_at(folder / METRICS, int(found.state["metrics_bytes"]), iteration)
