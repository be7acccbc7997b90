"""What a split must hold, what those of one task must have in common, and what they must not."""

import hashlib

from trainstudy.multitask.data._set import IGNORE, TaskSet


def check(one: TaskSet, other: TaskSet) -> None:
    """Raise ValueError where the classes differ or an image, by name or by pixels, is in both."""
    for part in ("classes", "category_ids"):
        if getattr(one, part) != getattr(other, part):
            raise ValueError(
                f"{other.name}: {part} {getattr(other, part)}; {one.name} has {getattr(one, part)}"
            )
    if shared := sorted(set(one.names) & set(other.names)):
        raise ValueError(f"{one.name} and {other.name} share the image {shared[0]}")
    seen = _by_pixels(one)
    for digest, name in _by_pixels(other).items():
        if digest in seen:
            pair = f"{one.name}/{seen[digest]} and {other.name}/{name}"
            raise ValueError(f"{pair} are the same image")


def check_labelled(dataset: TaskSet) -> None:
    """Raise ValueError where nothing can be learned or scored: no box, or no labelled pixel.

    Boxes around crowds are neither. The scores would say so too, but only after an epoch.
    """
    if dataset.crowd is not None and not ((dataset.labels >= 0) & ~dataset.crowd).any():
        raise ValueError(f"{dataset.name}: no box, but for those around crowds")
    if dataset.task == "seg" and (dataset.labels == IGNORE).all():
        raise ValueError(f"{dataset.name}: no labelled pixel, all have the label {IGNORE}")


def _by_pixels(dataset: TaskSet) -> dict[bytes, str]:
    digests = (hashlib.sha256(image.data).digest() for image in dataset.images)
    return dict(zip(digests, dataset.names, strict=True))
