"""Energy used by a device, where the device tells."""

from pathlib import Path

_RAPL = Path("/sys/class/powercap/intel-rapl:0/energy_uj")


class EnergyMeter:
    """Joules since construction, or None where no counter can be read.

    GPUs: the driver's total-energy counter (NVML). CPUs: the package counter of Intel's RAPL,
    which covers the whole socket and not this process alone, and wraps.
    """

    def __init__(self, device: str) -> None:
        self._device = device
        self._start = self._counter()

    def joules(self) -> float | None:
        now = self._counter()
        if self._start is None or now is None or now < self._start:
            return None
        return now - self._start

    def _counter(self) -> float | None:
        return _gpu_joules(self._device) if self._device.startswith("cuda") else _cpu_joules()


def _cpu_joules() -> float | None:
    try:
        return int(_RAPL.read_text()) / 1e6
    except (OSError, ValueError):
        return None


def _gpu_joules(device: str) -> float | None:
    import pynvml

    try:
        pynvml.nvmlInit()
        _, _, index = device.partition(":")
        handle = pynvml.nvmlDeviceGetHandleByIndex(int(index or 0))
        return float(pynvml.nvmlDeviceGetTotalEnergyConsumption(handle)) / 1e3
    except pynvml.NVMLError:
        return None
