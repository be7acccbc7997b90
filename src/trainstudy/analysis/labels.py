"""What iteration a label of the report can mean.

The report quotes peaks at labels up to 450k of a training that ends at 320,000 iterations. Three
readings are written down as functions; `label_evidence` compares them with published curves. The
study validated every 6,666 iterations, kept a checkpoint every 10,000 and resumed at 80,000;
mmengine validates once more at the very last iteration.
"""

from collections.abc import Callable, Iterable, Mapping

import pandas as pd

RESUMED_AT = 80_000
TRAINING_END = 320_000
VALIDATION_INTERVAL = 6_666
LABEL_STEP = 10_000

Reading = Callable[[float], float]


def as_labelled(label: float) -> float:
    """The label is the iteration."""
    return float(label)


def counted_from_zero(label: float) -> float:
    """Every validation since iteration 0 was taken for 10,000 iterations: 2/3 of the label."""
    return label * VALIDATION_INTERVAL / LABEL_STEP


def counted_since_resume(label: float) -> float:
    """The i-th validation after the resume was labelled 80,000 + 10,000 i.

    The first one falls on the next multiple of 6,666 (86,658); the last, at the end of training, is
    cut to it (label 450k is iteration 320,000). Labels before the resume stand as they are.
    """
    if label <= RESUMED_AT:
        return float(label)
    count = RESUMED_AT // VALIDATION_INTERVAL + (label - RESUMED_AT) / LABEL_STEP
    iteration = count * VALIDATION_INTERVAL
    return min(iteration, float(TRAINING_END)) if label <= LAST_LABEL else iteration


# 36 validations at multiples of 6,666 after the resume and one at the end: 450k.
LAST_LABEL = RESUMED_AT + LABEL_STEP * (
    TRAINING_END // VALIDATION_INTERVAL - RESUMED_AT // VALIDATION_INTERVAL + 1
)

HYPOTHESES: Mapping[str, Reading] = {
    "as labelled": as_labelled,
    "validations counted from zero": counted_from_zero,
    "validations counted since the resume": counted_since_resume,
}


def admissible(
    labels: Iterable[float], hypotheses: Mapping[str, Reading] = HYPOTHESES
) -> pd.DataFrame:
    """One row a label and hypothesis: hypothesis, label, iteration, possible (by 320,000)."""
    rows = [
        (name, label, reading(label), 0 < reading(label) <= TRAINING_END)
        for name, reading in hypotheses.items()
        for label in labels
    ]
    return pd.DataFrame(rows, columns=["hypothesis", "label", "iteration", "possible"])
