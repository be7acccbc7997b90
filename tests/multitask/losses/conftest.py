import pytest
import torch
from torch._subclasses.fake_tensor import DynamicOutputShapeException, FakeTensorMode

torch.set_num_threads(1)


@pytest.fixture
def without_host():
    """Runs a loss and its gradient on tensors with shapes but no values: asking for one fails."""

    def run(loss, *tensors):
        with FakeTensorMode() as mode:
            loss(*[mode.from_tensor(tensor) for tensor in tensors]).backward()

    with pytest.raises(DynamicOutputShapeException):  # it does see them
        run(lambda x: x[x > 0].sum(), torch.ones(3, requires_grad=True))
    return run
