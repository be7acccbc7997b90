"""Unpaired sets: the training images of a data set, and other places in another domain."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainstudy import data
from trainstudy.data import SegmentationSet, synthetic, weather
from trainstudy.data.classes import CLASSES, IGNORE

_STREETS = tuple(name for name in weather.DOMAINS if name != "clear_day")
TARGETS = {
    "camvid": ("dusk",),
    "streets": _STREETS,
    **{f"streets-{city}": _STREETS for city in synthetic.CITIES},
}
"""The domains that the day images of each data set can be translated to."""

TARGET_SEED, HELD_OUT_SEED = 3, 4  # 1 and 2 are the training's and the validation's scenes
TARGET_SCENES, HELD_OUT_SCENES = 48, 12  # of each city


@dataclass(frozen=True)
class Domains:
    """What a translator learns from, and what it is measured on; no target image has a label.

    ``source`` is the training set, whose images are translated in the end.
    """

    source: SegmentationSet
    target: SegmentationSet
    held_out_source: SegmentationSet
    held_out_target: SegmentationSet

    @property
    def parts(self) -> dict[str, SegmentationSet]:
        return dict(vars(self))


def load(dataset: str, target: str, data_root: str | None = None) -> Domains:
    """The unpaired sets of a data set of ``TARGETS``.

    Streets: target scenes and held-out scenes have seeds of their own, so that they share no street
    with training or validation. CamVid: the target images are val_dusk without its labels (a score
    on val_dusk of a model that saw the translations is not independent of them), of which the last
    fifth of the drive is held out; the held-out source is val_day. Test images are never read.
    """
    sets = data.load(dataset, data_root)
    if dataset == "camvid":
        found = np.array(sets.val.domains) == target
        places, others = np.flatnonzero(found), np.flatnonzero(~found)
        learnt = len(places) * 4 // 5
        parts = (places[:learnt], others, places[learnt:])
        return Domains(sets.train, *(_unlabelled(sets.val, rows) for rows in parts))
    cities = synthetic.CITIES if dataset == "streets" else (dataset.removeprefix("streets-"),)
    held_out = range(HELD_OUT_SCENES)
    return Domains(
        source=sets.train,
        target=_scenes(target, cities, TARGET_SEED, range(TARGET_SCENES)),
        held_out_source=_scenes("clear_day", cities, HELD_OUT_SEED, held_out),
        held_out_target=_scenes(
            target, cities, HELD_OUT_SEED, range(HELD_OUT_SCENES, 2 * HELD_OUT_SCENES)
        ),
    )


def _scenes(domain: str, cities: tuple[str, ...], seed: int, indices: range) -> SegmentationSet:
    places = [(city, index) for city in cities for index in indices]
    size = synthetic.HEIGHT, synthetic.WIDTH
    images = np.stack([weather.draw(domain, city, seed, i, *size).image for city, i in places])
    return SegmentationSet(
        f"streets/{domain}",
        CLASSES,
        images,
        np.full(images.shape[:3], IGNORE, np.uint8),
        tuple(f"{city}_{seed}_{index:04d}_{domain}" for city, index in places),
        (domain,) * len(places),
    )


def _unlabelled(images: SegmentationSet, rows: NDArray[np.intp]) -> SegmentationSet:
    return SegmentationSet(
        images.name,
        images.classes,
        images.images[rows],
        np.full_like(images.labels[rows], IGNORE),
        tuple(images.names[row] for row in rows),
        tuple(images.domains[row] for row in rows),
    )
