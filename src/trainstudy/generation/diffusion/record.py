"""How the images of a folder are made: written before the first, and held against later starts."""

import json
from datetime import UTC, datetime
from importlib.metadata import version

from trainstudy.data import SegmentationSet
from trainstudy.files import read_json, write_json
from trainstudy.generation.diffusion.libraries import LIBRARIES
from trainstudy.generation.diffusion.parameters import GenerateImages
from trainstudy.parameters import ParameterError
from trainstudy.runs import provenance
from trainstudy.training.device import describe

RECORD = "generation.json"


def begin(parameters: GenerateImages, train: SegmentationSet, device: str) -> None:
    """Note a start in the record of the parameters' folder.

    Raises ParameterError where the folder holds images that other settings made, both shown, or
    files that no generation wrote.
    """
    method, folder = parameters.method, parameters.folder
    settings = {
        "strategy": parameters.strategy,
        "train": {"name": train.name, "sha256": train.fingerprint},
        "pipeline": parameters.pipeline,
        "revision": parameters.revision,
        "seed": parameters.seed,
        "precision": parameters.precision or method.precision,
        "pixels": parameters.pixels or method.pixels,
        "prompts": method.prompts,
        "arguments": parameters.arguments,
    }
    settings = json.loads(json.dumps(settings))  # as a record gives them back
    record = {"settings": settings, "starts": []}
    if (folder / RECORD).exists():
        record = read_json(folder / RECORD)
    elif any(not path.name.startswith(".") for path in folder.iterdir()):
        raise ParameterError(f"parameter 'out': {folder} holds other files; take an empty folder")
    other = {name: was for name, was in record["settings"].items() if was != settings.get(name)}
    if other and any(folder.rglob("*.png")):
        raise ParameterError(
            f"parameter 'out': the images of {folder} were made with "
            + "; ".join(
                f"{name} {was!r}, asked is {settings.get(name)!r}" for name, was in other.items()
            )
            + ". Another folder starts anew"
        )
    start = {
        "began": datetime.now(UTC).isoformat(timespec="seconds"),
        "device": describe(device),
        "batch_size": parameters.batch_size,
        **provenance.commit(),
        "versions": provenance.versions() | {name: version(name) for name in LIBRARIES},
    }
    write_json(folder / RECORD, {"settings": settings, "starts": [*record["starts"], start]})
