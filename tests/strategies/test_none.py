from pathlib import Path

import pytest
import torch

from trainstudy.strategies import get


def test_changes_nothing(tiny_set):
    images = torch.randint(0, 255, (2, 3, 8, 8), dtype=torch.uint8)
    labels = torch.zeros(2, 8, 8, dtype=torch.uint8)
    strategy = get("none")
    seen = strategy.augment(images.clone(), labels.clone(), [])
    assert torch.equal(seen[0], images)
    assert torch.equal(seen[1], labels)
    assert strategy.generate(tiny_set(), 0, None) is None
    assert (strategy.ratio, strategy.effective()) == (0, {})


def test_a_manifest_given_in_vain_is_refused(tiny_set):
    with pytest.raises(ValueError, match=r"parameter .manifest.: m\.csv would not be read"):
        get("none").generate(tiny_set(), 0, Path("m.csv"))
