"""The chapters that train a translator of images: what they show."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from trainstudy.book import show
from trainstudy.book.images import gallery
from trainstudy.book.show import Html, table
from trainstudy.data.generated import Generated
from trainstudy.figures.style import WIDTH
from trainstudy.files import read_json
from trainstudy.generation.domains import Domains
from trainstudy.runs.record import RUN, read_metrics

GREY_LEVELS = 127.5  # of one unit in -1..1

Rows = Sequence[Mapping[str, Any]]


def summary(folder: Path) -> Html:
    """What the record says of a run."""
    record = read_json(folder / RUN)
    data, inputs = record["data"], record["inputs"]
    return show.sentences(
        [
            f"Run {folder.name}, trained up to iteration {record['iteration']:,} on "
            f"{record['starts'][-1]['device']}.",
            f"{data['source']['images']} images of {data['source']['name']} and "
            f"{data['target']['images']} unpaired ones of {data['target']['name']}; held out are "
            f"{data['held_out_source']['images']} and {data['held_out_target']['images']}.",
            f"Width {inputs['width']}, depth {inputs['depth']}, batches of "
            f"{inputs['batch_size']} crops of {inputs['crop'][0]}x{inputs['crop'][1]} of each "
            "domain.",
        ]
    )


def curves(folder: Path) -> Html:
    """The loss over the iterations, and its parts on held-out crops."""
    return show.figure(
        loss_curves,
        read_metrics(folder, "train"),
        read_metrics(folder, "val"),
        alt="Loss of the training, and the parts of the loss on held-out crops, by iteration.",
    )


def loss_curves(train: Rows, val: Rows) -> Figure:
    """``train`` and ``val``: lines of metrics.jsonl; both sides of the game are in one loss."""
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(WIDTH, 4.5), sharex=True, layout="constrained"
    )
    above.plot([row["iteration"] for row in train], [row["loss"] for row in train], lw=1)
    above.set_ylabel("loss")
    parts = pd.DataFrame([row["losses"] for row in val], index=[row["iteration"] for row in val])
    for name, values in parts.items():
        below.plot(values.index, values, marker="o", ms=4, label=name)
    below.set_ylabel("parts, held out")
    below.set_xlabel("iterations")
    below.legend(
        fontsize=9, ncols=len(parts.columns), loc="lower center", bbox_to_anchor=(0.5, 1.0)
    )
    return figure


def distances(folder: Path) -> Html:
    """Sliced Wasserstein distances to the held-out target images at every validation, and the
    cycle's error where there is a cycle."""
    rows = [
        {
            "iteration": row["iteration"],
            **row["swd"],
            # the loss adds the errors of both directions
            "cycle": GREY_LEVELS * row["losses"]["cycle"] / 2 if "cycle" in row["losses"] else None,
        }
        for row in read_metrics(folder, "val")
    ]
    headings = {
        "iteration": "Iteration",
        "untranslated": "Source",
        "translated": "Translated",
        "target": "Other target images",
        "cycle": "Cycle error (grey levels)",
    }
    if all(row["cycle"] is None for row in rows):
        del headings["cycle"]
    formats = dict.fromkeys(headings, "{:.1f}".format) | {"iteration": show.plain}
    return table(
        pd.DataFrame(rows),
        headings,
        formats,
        caption="Distance to held-out target images (SWD x 1,000), lower is nearer",
        sortable=False,
    )


def samples(domains: Domains, made: Generated, target: str, count: int = 4) -> Html:
    """Training images, what the manifest holds for them, and images of the target domain."""
    rows = []
    places, others = (_spread(len(part), count) for part in (made.images, domains.target))
    for place, one in zip(places, others, strict=True):
        name = made.images.names[place].removesuffix(f"_{made.images.domains[place]}")
        original = domains.source.images[domains.source.names.index(name)]
        rows.append([original, made.images.images[place], domains.target.images[one]])
    titles = ["source", f"translated to {target}", f"{target}, another place"]
    return gallery(rows, titles, f"Training images and their translations to {target}")


def _spread(size: int, count: int) -> list[int]:
    """``count`` numbers from 0 to ``size`` - 1 at equal distances."""
    return [int(number) for number in np.linspace(0, size - 1, count).round()]


def reading(made: Generated) -> Html:
    """What reading the manifest back found."""
    manifest = made.report.manifest
    return show.sentences(
        [
            f"{manifest.parent.name}/{manifest.name}: {made.report.used} rows used, for "
            f"{made.report.originals} of {made.report.training} training images.",
            f"Rows left out: {len(made.report.problems)}.",
            f"Fingerprint of what a training would see: {made.images.fingerprint[:12]}.",
        ]
    )
