"""The chapters that train: what they accept beyond a training's own parameters, what they show."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from pydantic import NonNegativeInt, PositiveInt

from trainstudy.book import show
from trainstudy.book.images import colour, gallery
from trainstudy.book.show import Html, table
from trainstudy.files import read_json
from trainstudy.parameters import ParameterError, Parameters
from trainstudy.paths import project_root
from trainstudy.runs.record import METRICS, RUN, Kind, read_metrics
from trainstudy.segmentation.parameters import TrainSegmentation
from trainstudy.segmentation.run import Prepared, build_task, train_segmentation
from trainstudy.training.device import device_of
from trainstudy.training.loop import resume

Rows = Sequence[Mapping[str, Any]]


class StopAndResume(Parameters):
    """``stop`` and ``kill`` are iterations, in this order and before ``until``."""

    model: str = "segformer_b0"
    until: PositiveInt = 40
    stop: PositiveInt = 10
    kill: PositiveInt = 27
    runs_root: str | None = None
    seed: NonNegativeInt = 0


@dataclass(frozen=True)
class Experiment:
    """Two trainings that should be one: their folders and where the second was interrupted."""

    whole: Path
    parts: Path
    marks: dict[str, int]

    @property
    def curves(self) -> dict[str, tuple[Rows, Rows]]:
        named = {"never stopped": self.whole, "stopped, killed, resumed": self.parts}
        return {
            name: (read_metrics(folder, "train"), read_metrics(folder, "val"))
            for name, folder in named.items()
        }


def stop_and_resume(parameters: StopAndResume) -> Experiment:
    """Train without a stop, and again with a stop and a SIGKILL.

    The killed training runs in a process of its own, as every training of a sweep does. Raises
    ParameterError where the iterations are not in order.
    """
    if not parameters.stop < parameters.kill < parameters.until:
        raise ParameterError("parameters 'stop', 'kill', 'until' must grow in this order")

    base = Path(parameters.runs_root or project_root() / "runs").expanduser()

    def training(root: str, until: int) -> TrainSegmentation:
        return TrainSegmentation.checked(
            dataset="streets-new_town", model=parameters.model, strategy="std_randaugment",
            schedule="constant:warmup=5", learning_rate=6e-4, batch_size=4, interval=10,
            device="cpu", seed=parameters.seed, until=until,
            runs_root=str(base / root),
        )  # fmt: skip

    whole = train_segmentation(training("whole", parameters.until))
    train_segmentation(training("parts", parameters.stop))
    killed_at = _train_and_kill(training("parts", parameters.until), parameters.kill)
    parts = train_segmentation(training("parts", parameters.until))
    return Experiment(whole, parts, {"stopped": parameters.stop, "killed": killed_at})


def _train_and_kill(parameters: TrainSegmentation, iteration: int) -> int:
    """Train in another process and kill it after ``iteration``; the last iteration recorded."""
    code = (
        "import sys; from trainstudy.segmentation.parameters import TrainSegmentation as P; "
        "from trainstudy.segmentation.run import train_segmentation as t; "
        "t(P.model_validate_json(sys.argv[1]), quiet=True)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, parameters.model_dump_json()])
    try:
        while process.poll() is None:
            (log,) = parameters.runs.glob(f"*/{METRICS}")
            recorded = read_metrics(log.parent, "train")
            if recorded and recorded[-1]["iteration"] >= iteration:
                break
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    return int(read_metrics(log.parent, "train")[-1]["iteration"])


def comparison(experiment: Experiment) -> Html:
    """The two trainings line by line: how many losses, rates and scores differ."""
    lines = []
    compared: dict[Kind, tuple[str, ...]] = {"train": ("loss", "lr"), "val": ("mIoU",)}
    for kind, columns in compared.items():
        one, other = (read_metrics(folder, kind) for folder in (experiment.whole, experiment.parts))
        for column in columns:
            values, others = ({r["iteration"]: r[column] for r in rows} for rows in (one, other))
            # a stop validates where it happens: that line has no partner
            common = values.keys() & others.keys()
            differing = sum(values[iteration] != others[iteration] for iteration in common)
            lines.append(f"{column}: {differing} of {len(common)} values differ.")
    sums = [
        read_json(folder / RUN)["checkpoint"]["sha256"]
        for folder in (experiment.whole, experiment.parts)
    ]
    for name in sums[0]:
        same = "the same" if sums[0][name] == sums[1][name] else "another"
        lines.append(f"{name} of the last checkpoint: {same} SHA-256 ({sums[1][name][:12]}…).")
    return show.sentences(lines)


def summary(folder: Path) -> Html:
    """What the record says of a run: inputs, data, starts."""
    record = read_json(folder / RUN)
    exposure = read_metrics(folder, "exposure")
    rows = {
        "run": folder.name,
        **record["spec"],
        "trained up to": f"{record['iteration']:,}",
        "images seen, real": f"{sum(row['real'] for row in exposure):,}",
        "images seen, generated": f"{sum(row['generated'] for row in exposure):,}",
        "training images": f"{record['data']['train']['images']:,}",
        "fingerprint of the training set": record["data"]["train"]["sha256"][:12],
        "device": record["starts"][-1]["device"] if record["starts"] else None,
    }
    frame = pd.DataFrame({"name": list(rows), "value": [str(value) for value in rows.values()]})
    return table(frame, {"name": "Record", "value": ""}, sortable=False)


def domain_figure(val: Rows, draw: Callable[[Rows], Figure]) -> Html:
    """mIoU by domain, where validation has more than one."""
    if not val or "domains" not in val[-1]:
        return Html("<p>One domain only.</p>", "One domain only.")
    return show.figure(draw, val, alt="Validation mIoU of every domain over the iterations.")


def predictions(prepared: Prepared, folder: Path, count: int = 4) -> Html:
    """Validation images of different domains with their label and the model's prediction."""
    import torch

    task = build_task(prepared, device_of(prepared.parameters.device))
    iteration, _, _ = resume(task, folder)
    val = prepared.sets.val
    chosen = [val.domains.index(domain) for domain in dict.fromkeys(val.domains)][:count]
    task.module.eval()
    with torch.inference_mode():
        predicted = task.predict(val.images[chosen]).cpu().numpy()
    rows = [
        [val.images[index], colour(val.labels[index], val.classes), colour(found, val.classes)]
        for index, found in zip(chosen, predicted, strict=True)
    ]
    domains = ", ".join(val.domains[index].replace("_", " ") for index in chosen)
    alt = f"Validation images ({domains}), labels, predictions at iteration {iteration}"
    return gallery(rows, ["image", "label", f"prediction at {iteration}"], alt)
