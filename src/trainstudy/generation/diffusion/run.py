"""A diffusion model's images of a data set's training images, and their manifest."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm

from trainstudy import data
from trainstudy.data import SegmentationSet, generated
from trainstudy.data.generated.domains import canonical
from trainstudy.generation.diffusion._method import Pixels
from trainstudy.generation.diffusion.libraries import load_diffusers
from trainstudy.generation.diffusion.parameters import GenerateImages
from trainstudy.generation.diffusion.record import begin
from trainstudy.parameters import ParameterError
from trainstudy.runs.record import exclusive
from trainstudy.training.device import device_of
from trainstudy.training.randomness import key


def generate(parameters: GenerateImages) -> Path:
    """Make the images that ``out`` lacks and return the manifest of all.

    Every training image is brought to every target domain but its own. Whole batches are made, each
    always of the same images, so that an interrupted generation, continued, ends as one that was
    not. Raises ParameterError for weights that cannot be loaded, a domain that all images show
    already, and a folder with other files or with images that other settings made.
    """
    load_diffusers()
    device = device_of(parameters.device)
    if device == "cpu":
        torch.set_num_threads(1)  # sums, and so images, depend on the number of threads
    train = data.load(parameters.dataset, parameters.data_root).train
    work = _batches(parameters, train)
    if not work:
        raise ParameterError(f"parameter 'target_domain': all of {train.name} shows it already")
    with exclusive(parameters.folder):
        begin(parameters, train, device)
        return generated.write(parameters.folder, train, _images(parameters, train, work, device))


def _batches(parameters: GenerateImages, train: SegmentationSet) -> list[tuple[str, list[int]]]:
    """Target domains with the numbers of the training images to bring there."""
    size, work = parameters.batch_size, []
    for target in parameters.targets:
        others = [k for k, domain in enumerate(train.domains) if canonical(domain) != target]
        work += [(target, others[k : k + size]) for k in range(0, len(others), size)]
    return work


def _images(
    parameters: GenerateImages,
    train: SegmentationSet,
    work: list[tuple[str, list[int]]],
    device: str,
) -> Iterator[tuple[int, str, Pixels]]:
    """Number of the original, target domain and pixels of every image, made or found."""
    method = parameters.method
    pipe = cache(lambda: _load(parameters, device))  # where all is there, nothing is loaded
    with tqdm(total=sum(len(batch) for _, batch in work), desc=parameters.strategy) as bar:
        for target, batch in work:
            files = [parameters.folder / target / f"{train.names[k]}.png" for k in batch]
            images = [image for file in files if (image := _kept(file, train)) is not None]
            if len(images) < len(batch):
                images = method.make(
                    pipe(),
                    train.images[batch],
                    [train.domains[k] for k in batch],
                    target,
                    [_draw(parameters.seed, target, k) for k in batch],
                    parameters.arguments,
                    parameters.pixels or method.pixels,
                )
            for original, image in zip(batch, images, strict=True):
                yield original, target, image
                bar.update()


def _load(parameters: GenerateImages, device: str) -> Any:
    method = parameters.method
    try:
        pipe = method.load(
            parameters.source,
            parameters.precision or method.precision,
            revision=parameters.revision,
            local_files_only=parameters.local_files_only,
        )
    except (OSError, ValueError) as error:
        raise ParameterError(f"parameter 'pipeline': {parameters.pipeline!r}: {error}") from error
    pipe.set_progress_bar_config(disable=True)
    return pipe.to(device)


def _draw(seed: int, target: str, index: int) -> torch.Generator:
    """On the CPU whatever the device, so that every device starts from the same noise."""
    return torch.Generator().manual_seed(key(seed, f"generate {target}", index))


def _kept(file: Path, train: SegmentationSet) -> Pixels | None:
    """An image of an earlier start; None where it is missing or damaged."""
    try:
        with Image.open(file) as image:
            pixels = np.asarray(image)
    except (OSError, SyntaxError, ValueError):
        return None
    return pixels if pixels.shape == train.images.shape[1:] else None
