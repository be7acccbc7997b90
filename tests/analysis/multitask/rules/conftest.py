import numpy as np
import pytest

from trainstudy.analysis.multitask.trials import Trials

SPREAD = [-0.2, 0.0, 0.1, 0.1]  # of four seeds


@pytest.fixture
def trials(make, ends):
    """trials({cell: triples of its stages' ends}, seeds=); seeds differ by SPREAD in all."""

    def build(levels, seeds=4):
        return Trials(make({
            cell: [ends(*[np.clip(np.add(row, shift), 0, 100) for row in stages])
                   for shift in SPREAD[:seeds]]
            for cell, stages in levels.items()
        }), None)  # fmt: skip

    return build
