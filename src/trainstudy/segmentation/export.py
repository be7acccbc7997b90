"""Weights of a run as a ``.pth`` that mmsegmentation's own tools read.

``python -m trainstudy.segmentation.export RUN_OR_CHECKPOINT out.pth``
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from trainstudy.data.classes import CITYSCAPES, CLASSES, PALETTE
from trainstudy.files import read_json, sync
from trainstudy.runs.record import CHECKPOINTS, RUN
from trainstudy.segmentation.models import load_openmm
from trainstudy.training import checkpoint


def export(source: Path, target: Path) -> Path:
    """Write the weights of ``source``, a run's folder (its latest sound checkpoint is taken) or one
    ``RUN/checkpoints/iter_N``, to ``target`` and return it.

    ``meta`` holds what mmengine puts there: ``iter``, ``dataset_meta`` (class names and palette)
    and ``cfg``, the text of a configuration: the model, and images at their own size for tests.
    The optimizer's state is not written.
    Raises ValueError where the source is neither, FileExistsError where the target exists,
    FileNotFoundError where its folder does not, OSError where it cannot be written.
    """
    if target.exists():
        raise FileExistsError(f"{target} exists already")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"{target}: there is no folder {target.parent}")
    source = source.expanduser().resolve()
    single = source.parent.name == CHECKPOINTS
    run = source.parent.parent if single else source
    if not (run / RUN).is_file():
        raise ValueError(f"{source}: neither a run's folder nor one of its {CHECKPOINTS}/iter_N")
    record = read_json(run / RUN)
    found = (
        checkpoint.load(source)
        if single
        else next(checkpoint.newest_first(source / CHECKPOINTS), None)
    )
    if found is None:
        raise ValueError(f"{source}: holds no sound checkpoint")
    # the records that do not name their classes are all of these
    classes = tuple(record["data"]["train"].get("classes", CLASSES))
    weights = found.tensors["model"]
    outputs = {len(value) for key, value in weights.items() if key.endswith("conv_seg.weight")}
    if outputs - {len(classes)}:
        raise ValueError(f"{run / RUN}: names {len(classes)} classes, its model tells {outputs}")
    content = {
        "meta": {
            "iter": found.iteration,
            "epoch": 0,
            "experiment_name": run.name,
            "cfg": _configuration(record["inputs"]["model"]),
            "dataset_meta": {"classes": classes, "palette": _palette(classes)},
        },
        "state_dict": weights,
    }
    draft = target.with_name(f".{target.name}.draft")
    try:
        torch.save(content, draft)
        sync(draft)
        draft.replace(target)
    except RuntimeError as error:  # torch's word for a full disk, or a folder that is read-only
        raise OSError(f"{draft}: {error}") from error
    finally:
        draft.unlink(missing_ok=True)
    return target


def _configuration(model: dict[str, Any]) -> str:
    load_openmm()
    from mmengine.config import Config

    pipeline = [{"type": t} for t in ("LoadImageFromFile", "LoadAnnotations", "PackSegInputs")]
    config = {"default_scope": "mmseg", "model": model, "test_pipeline": pipeline}
    return str(Config(config).pretty_text)


def _palette(classes: tuple[str, ...]) -> list[list[int]]:
    """RGB of each class; for those of neither set, the colours that mmsegmentation draws."""
    from mmseg.utils import get_palette

    known = {CLASSES: PALETTE.tolist(), CITYSCAPES: get_palette("cityscapes")}
    drawn = np.random.RandomState(42).randint(0, 255, (len(classes), 3))
    palette: list[list[int]] = known.get(classes, drawn.tolist())
    return palette


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m trainstudy.segmentation.export")
    parser.add_argument("source", type=Path, help="a run's folder, or one of its checkpoints")
    parser.add_argument("target", type=Path, help="the .pth file to write")
    given = parser.parse_args(arguments)
    try:
        print(export(given.source, given.target))
    except (ValueError, OSError) as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
