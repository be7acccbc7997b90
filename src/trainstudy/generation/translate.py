"""The images a trained translator generates: every training image, at its own size."""

from pathlib import Path

import torch

from trainstudy.data import generated
from trainstudy.generation.parameters import TrainTranslator
from trainstudy.generation.run import Prepared, build_task, prepare, train_prepared
from trainstudy.training.loop import resume


def train_translator(parameters: TrainTranslator, *, quiet: bool = False) -> Path:
    """Train or resume a translator, translate the training images, return their manifest."""
    prepared = prepare(parameters)
    return generate(prepared, train_prepared(prepared, quiet=quiet))


def generate(prepared: Prepared, folder: Path) -> Path:
    """Translate every training image with the last checkpoint of a run, return their manifest.

    Raises ValueError for a folder without a sound checkpoint.
    """
    task, given = build_task(prepared), prepared.parameters
    if resume(task, folder)[0] == 0:
        raise ValueError(f"{folder}: no checkpoint to translate with")
    source = prepared.domains.source
    task.module.eval()
    with torch.inference_mode():
        images = task.translate(source.images)
    out = Path(given.out).expanduser() if given.out else folder / "generated"
    return generated.write(out, source, ((k, given.target, made) for k, made in enumerate(images)))
