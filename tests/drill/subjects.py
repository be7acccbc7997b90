"""The trainings that are drilled: real ones, through the public path, small enough to repeat.

They run in forked children of one process that has imported torch and mmsegmentation, drawn the
streets and read the configuration. What a child does from there is the same command each time.
"""

import copy
import warnings
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import torch
import torch._dynamo  # by the first optimizer, otherwise, and for seconds

from trainstudy import data
from trainstudy.data import synthetic
from trainstudy.runs import provenance
from trainstudy.segmentation import models, run
from trainstudy.segmentation.parameters import TrainSegmentation
from trainstudy.training.turns import take_turns

INTERVAL, UNTIL = 2, 10
GIVEN: dict[str, Any] = {
    "dataset": "streets-new_town", "strategy": "std_randaugment", "schedule": "poly:end=10",
    "until": UNTIL, "interval": INTERVAL, "budgets": [4], "batch_size": 2, "crop": [32, 32],
    "learning_rate": 1e-3, "device": "cpu",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Subject:
    """What one command trains: the runs ``given``, in turns where they are several.

    ``origin``: the iteration of the trunk, in ``place/trunk``, that they branch from.
    """

    name: str
    given: tuple[dict[str, Any], ...] = ({},)
    origin: int | None = None
    narrow: bool = True

    def train(self, place: Path) -> None:
        """The command: train, or resume, below ``place/runs``."""
        models.configure = NARROW if self.narrow else FULL
        common = GIVEN | {"runs_root": str(place / "runs")}
        if self.origin:
            (found,) = place.glob(f"trunk/*/checkpoints/iter_{self.origin}")
            common["branch_from"] = str(found)
        parameters = [TrainSegmentation.checked(**common | given) for given in self.given]
        if len(parameters) == 1:
            run.train_segmentation(parameters[0], quiet=True)
        else:
            prepared = map(run.prepare, parameters)
            take_turns([partial(run.iterate_prepared, one, quiet=True) for one in prepared])


ALONE = Subject("alone")
TURNS = Subject("two in turns", ({"seed": 1}, {"seed": 2}))
BRANCH = Subject(
    "branch", ({"schedule": "cooldown:start=4,end=14", "until": 14, "seed": 3},), origin=4
)
WHOLE = Subject("segformer_b0", narrow=False)
SUBJECTS = (ALONE, TURNS, BRANCH, WHOLE)
TRUNK = Subject("trunk", ({"schedule": "constant", "seed": 3},))


def warm_up() -> None:
    """Do once what every child would do again, and start no thread: forks must not lose any."""
    global NARROW, FULL
    torch.set_num_threads(1)
    cv2.setNumThreads(0)
    warnings.simplefilter("default", UserWarning)  # the drill looks for what the user is told
    models.load_openmm()
    provenance.commit()
    # two batches of validation images, so that there is a middle
    sets = synthetic._load(("new_town",), train=8, val=2)
    data.load = lambda *_: sets
    full = models.configure("segformer_b0", len(sets.train.classes))
    narrow = replace(full, model=copy.deepcopy(full.model))
    narrow.model["backbone"] |= {"embed_dims": 8, "num_layers": [1] * 4, "num_heads": [1] * 4}
    narrow.model["decode_head"] |= {"in_channels": [8] * 4, "channels": 16}
    NARROW, FULL = (lambda *_: narrow), (lambda *_: full)
