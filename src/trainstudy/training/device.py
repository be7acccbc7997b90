"""The device that a training runs on: found, named, and torch set up for it."""

import torch


def device_of(asked: str) -> str:
    """``auto`` resolved. Raises ValueError for what is no device of ours, and where a GPU is asked
    for and there is none."""
    if asked == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if asked != "cpu" and not asked.startswith("cuda"):
        raise ValueError(f"parameter 'device': unknown {asked!r}; accepted: auto, cpu, cuda")
    if asked.startswith("cuda") and not torch.cuda.is_available():
        raise ValueError(f"parameter 'device': {asked!r} asked for, but torch sees no GPU")
    return asked


def describe(device: str) -> str:
    """The name a device gives itself."""
    return torch.cuda.get_device_name(device) if device.startswith("cuda") else "cpu"


def settle(device: str) -> None:
    """Set torch up for training on ``device``."""
    if device == "cpu":
        # small steps are slower and erratic on several threads, and sums depend on their number
        torch.set_num_threads(1)
    else:
        torch.backends.cudnn.benchmark = True  # crops keep one size, so it pays to try
