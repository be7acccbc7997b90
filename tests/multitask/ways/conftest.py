import pytest

from trainstudy.multitask.ways import iterations, seen


@pytest.fixture(scope="session")
def cost():
    """cost(stages, epoch_length) -> the batches of each task that the stages train together."""

    def total(plan, epoch_length):
        found = {}
        for stage in plan:
            counts = seen(stage, iterations(stage, epoch_length), epoch_length)
            for task, count in counts.items():
                found[task] = found.get(task, 0) + count
        return found

    return total
