"""What the chains of a multi-task study cost, from their records."""

from pathlib import Path
from typing import Any

import pandas as pd

from trainstudy.files import read_json
from trainstudy.runs.chains import Chain
from trainstudy.runs.record import RUN, read_metrics

COLUMNS = ["cell", "seed", "iterations", "images", "seconds", "joules", "beside", "device"]


def costs(chains: list[Chain]) -> pd.DataFrame:
    """A row a chain, `COLUMNS`, all of its stages together.

    images: that entered the network to be trained on. seconds and joules: of its devices, NaN where
    a start was killed or a device does not tell; they are of all that ran ``beside`` each other on
    the device, at most so many trainings, this one included.
    """
    rows = []
    for chain in chains:
        records = [read_json(run / RUN) for _, run in chain.stages]
        starts = [start for record in records for start in record["starts"]]
        rows.append(
            {
                "cell": chain.cell,
                "seed": chain.seed,
                "iterations": sum(record["iteration"] for record in records),
                "images": sum(_images(run) for _, run in chain.stages),
                "seconds": _sum([_device_seconds(start) for start in starts]),
                "joules": _sum([start.get("joules") for start in starts]),
                "beside": max((start.get("beside") or 1 for start in starts), default=1),
                "device": ", ".join(sorted({start["device"] for start in starts})),
            }
        )
    types = {"seconds": "float64", "joules": "float64"}
    return pd.DataFrame(rows, columns=COLUMNS).astype(types)


def _device_seconds(start: dict[str, Any]) -> float | None:
    seconds = start.get("seconds")
    return None if seconds is None else seconds * (start.get("gpus") or 1)


def _sum(values: list[float | None]) -> float:
    """NaN where one of them is not known."""
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else float("nan")


def _images(run: Path) -> int:
    return sum(line["real"] + line["generated"] for line in read_metrics(run, "exposure"))
