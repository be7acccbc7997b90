"""One run trained by several processes: the first keeps the record, the others follow it."""

from pathlib import Path

from trainstudy.runs.record import exclusive
from trainstudy.segmentation.parameters import TrainSegmentation
from trainstudy.segmentation.run import Prepared, prepare
from trainstudy.training import distributed
from trainstudy.training.device import device_of
from trainstudy.training.launch import launch
from trainstudy.training.loop import train
from trainstudy.training.recorded import iterate_recorded
from trainstudy.training.turns import exhaust


def train_together(prepared: Prepared, *, quiet: bool) -> None:
    """Train on as many GPUs, or in as many processes on the CPU, as the parameters say.

    Raises ProcessError with the text of the first process that fails.
    """
    origin = str(prepared.origin.path) if prepared.origin else None
    parameters = prepared.parameters.model_copy(update={"branch_from": origin})
    device = device_of(parameters.device)
    launch(_work, parameters.gpus, device, parameters, prepared.folder, quiet)


def _work(parameters: TrainSegmentation, folder: Path, quiet: bool) -> None:
    """What each process does. The data is loaded anew: large sets are files mapped into memory."""
    prepared = prepare(parameters)
    if prepared.folder != folder:
        raise ValueError(f"{folder}: its data or origin changed while the processes started")
    if distributed.rank() == 0:
        with exclusive(folder):
            exhaust(iterate_recorded(prepared, quiet=quiet))
        return
    task = prepared.build(device_of(parameters.device))
    origin, _ = prepared.origin_for(task) or (None, None)
    train(task, folder, prepared.plan, origin=origin, quiet=True)
