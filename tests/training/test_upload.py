from types import SimpleNamespace

import numpy as np
import pytest
import torch

from trainstudy.training.upload import upload


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        (3, torch.int64),
        (0.25, torch.float32),
        ([[1, 2.5], [True, -1]], torch.float32),
        (np.arange(6, dtype=np.uint8).reshape(2, 3), torch.uint8),
        ([2**62 + 1], torch.int64),  # beyond what a float could carry
    ],
)
def test_values_keep_their_shape_and_size(values, dtype):
    found = upload(values, torch.zeros(1), dtype)
    assert (found.dtype, found.device.type) == (dtype, "cpu")
    np.testing.assert_array_equal(found.numpy(), np.asarray(values))


def test_a_gpu_fetches_them_from_pinned_memory_without_a_wait(monkeypatch):
    """On a stand-in for a GPU: the copy has to be asked for in this one way."""
    steps = []
    monkeypatch.setattr(torch.Tensor, "pin_memory", lambda host: steps.append("pinned") or host)
    monkeypatch.setattr(
        torch.Tensor, "to", lambda host, *where, **how: steps.append((where, how)) or host
    )
    device = torch.device("cuda", 1)
    assert upload([1, 2], SimpleNamespace(device=device)).tolist() == [1, 2]
    assert steps == ["pinned", ((device,), {"non_blocking": True})]
