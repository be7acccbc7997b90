"""Five kinds of shapes as closed lines about (0, 0), none further out than 1.

A second line cuts a hole into the first.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Line = NDArray[np.float64]


def _polygon(corners: int, radii: Sequence[float] = (1.0,), start: float = 0.25) -> Line:
    """Corners at equal angles from ``start`` (of a turn), at radii that repeat; y points down."""
    angles = 2 * np.pi * (start + np.arange(corners) / corners)
    distance = np.resize(radii, corners)[:, None]
    line: Line = distance * np.stack([np.cos(angles), -np.sin(angles)], axis=1)
    return line


_CROSS = [(0.3, -0.9), (0.3, -0.3), (0.9, -0.3), (0.9, 0.3), (0.3, 0.3), (0.3, 0.9)]
_ROUND = _polygon(32)
OUTLINES: dict[str, tuple[Line, ...]] = {
    "disc": (_ROUND,),
    "triangle": (_polygon(3),),
    "ring": (_ROUND, 0.5 * _ROUND),
    "star": (_polygon(10, (1.0, 0.42)),),
    "cross": (np.array([*_CROSS, *((-x, y) for x, y in reversed(_CROSS))]),),
}
