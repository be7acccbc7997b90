"""Energy used by devices, where they tell."""

import time
from pathlib import Path

import torch

_RAPL = Path("/sys/class/powercap/intel-rapl:0")
_MOST = 1000.0  # watts that a socket may draw, where the counter does not tell


class EnergyMeter:
    """Joules of all ``devices`` since construction, or None where a counter cannot be read.

    GPUs: the driver's total-energy counter (NVML), which covers whatever else the card does. CPUs:
    the package counter of Intel's RAPL, which covers the whole socket and wraps: after as long as
    it may take to come around nothing is known.
    """

    def __init__(self, *devices: str) -> None:
        self._devices = devices
        self._clock = time.monotonic()
        self._starts = self._counters()

    def joules(self) -> float | None:
        total = 0.0
        if "cpu" in self._devices and self._may_have_wrapped():
            return None
        for start, now in zip(self._starts, self._counters(), strict=True):
            if start is None or now is None or now < start:
                return None
            total += now - start
        return total

    def _may_have_wrapped(self) -> bool:
        around, watts = _cpu_joules("max_energy_range_uj"), _cpu_joules("constraint_1_max_power_uw")
        passed = time.monotonic() - self._clock
        return around is not None and passed * (watts or _MOST) > around

    def _counters(self) -> list[float | None]:
        return [_gpu_joules(d) if d.startswith("cuda") else _cpu_joules() for d in self._devices]


def _cpu_joules(counter: str = "energy_uj") -> float | None:
    """Of a counter or a limit in millionths: joules, or watts."""
    try:
        return int((_RAPL / counter).read_text()) / 1e6
    except (OSError, ValueError):
        return None


def _gpu_joules(device: str) -> float | None:
    import pynvml

    try:
        pynvml.nvmlInit()
        # not by its number: NVML counts the cards that CUDA_VISIBLE_DEVICES hides, torch does not
        name = f"GPU-{torch.cuda.get_device_properties(device).uuid}"
        handle = pynvml.nvmlDeviceGetHandleByUUID(name)
        return float(pynvml.nvmlDeviceGetTotalEnergyConsumption(handle)) / 1e3
    except pynvml.NVMLError:
        return None
