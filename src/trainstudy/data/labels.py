"""A label file as the raw ids it holds, and raw ids as classes."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from trainstudy.data.classes import CITYSCAPES, IGNORE
from trainstudy.data.description import Description


class LabelError(ValueError):
    """A label file that does not hold what its description says."""


class Labels:
    """Reads the label files of one description."""

    def __init__(self, description: Description) -> None:
        self._ids, self._classes = description.ids, tuple(description.classes)
        self._class_of = [description.ids.get(raw, IGNORE) for raw in range(256)]
        self._id_of: NDArray[np.int16] | None = None
        # grey says how ids are repeated, and not which colours a palette file may show them in
        self._in_colours = any(colour % 0x010101 for colour in description.palette or ())
        if description.palette is not None:
            self._id_of = np.full(2**24, -1, dtype=np.int16)
            self._id_of[list(description.palette)] = list(description.palette.values())

    def read(self, path: Path) -> Image.Image:
        """The raw ids of a file, one byte a pixel.

        Raises LabelError where they are coded in another way than the description says, or one is
        not in it.
        """
        with Image.open(path) as opened:
            # where colours are stated, their order in a file's palette may be another tool's
            coloured = opened.mode == "P" and self._in_colours
            pixels = np.asarray(opened.convert("RGB") if coloured else opened)
            if coloured or opened.mode in ("RGB", "RGBA"):
                pixels = self._decoded(pixels[..., :3])
            elif opened.mode not in ("L", "P"):
                raise LabelError(f"is of mode {opened.mode}; a label has one byte a pixel")
        ids = Image.fromarray(pixels)
        there = {raw for raw, count in enumerate(ids.histogram()) if count}
        if outside := sorted(there - self._ids.keys()):
            some = ", ".join(map(str, outside[:8])) + ("..." if len(outside) > 8 else "")
            raise LabelError(f"holds ids outside the mapping: {some}{self._guess(set(outside))}")
        return ids

    def classes(self, ids: Image.Image) -> NDArray[np.uint8]:
        """Class indices and 255, [H,W], of raw ids."""
        return np.asarray(ids.point(self._class_of))

    def _decoded(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        if self._id_of is None:
            equal = (pixels == pixels[..., :1]).all()
            raise LabelError(
                "has three channels with the same ids: state palette: grey"
                if equal
                else "has three channels: it is RGB-coded and holds no ids; state a palette"
            )
        ids = self._id_of[_colour(pixels)]
        if (ids < 0).any():
            swapped = (self._id_of[_colour(pixels[..., ::-1])] >= 0).all()
            first = pixels[ids < 0][0]
            raise LabelError(
                f"holds the colour {bytes(first).hex()}, which is not in the palette"
                + ("; its channels are in the order BGR" if swapped else "")
            )
        return ids.astype(np.uint8)

    def _guess(self, outside: set[int]) -> str:
        """What a known confusion of Cityscapes' two numberings looks like."""
        if self._classes != CITYSCAPES:
            return ""
        if outside == {IGNORE}:
            return " (255 marks train ids: are they, then ids: train)"
        raw = outside <= set(range(34)) and self._ids.get(1) == 1
        return " (19 to 33 are raw Cityscapes ids: are they, then ids: cityscapes)" if raw else ""


def _colour(pixels: NDArray[np.uint8]) -> NDArray[np.int32]:
    """RGB [H,W,3] as 0xRRGGBB."""
    red, green, blue = (pixels[..., channel].astype(np.int32) for channel in range(3))
    return red << 16 | green << 8 | blue
