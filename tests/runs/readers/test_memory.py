"""A log of any length in bounded memory: measured in a process of its own."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

MEASURE = """
import resource, sys
from trainstudy.runs.readers import read_runs
def peak():  # KiB; Linux counts a parent's pages into ru_maxrss, not into VmHWM
    try:
        status = open("/proc/self/status").read()
        return int(status.partition("VmHWM:")[2].split()[0])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
reading = read_runs(sys.argv[1])
after = peak()
print(before, after, len(reading.curves), len(reading.train), len(reading.skipped))
"""
SIZE = 64 * 2**20
STAMP = "2026/01/17 10:00:00 - mmengine - INFO - "


def scalars(at: int) -> str:
    text = '{"lr": 0.001, "data_time": 0.01, "loss": 0.41, "decode.acc_seg": 96.1, "time": 0.3, '
    text += f'"iter": {at}, "memory": 9124, "step": {at}}}\n'
    if at % 5000:
        return text
    return text + f'{{"aAcc": 90.0, "mIoU": 40.0, "mAcc": 50.0, "step": {at}}}\n'


def text_log(at: int) -> str:
    text = f"{STAMP}Iter(train) [{at}/99999999]  lr: 1.0e-02  eta: 1:00  time: 0.3  loss: 0.41\n"
    if at % 5000:
        return text
    return text + f"{STAMP}Iter(val) [500/500]  aAcc: 90.0  mIoU: 40.0  mAcc: 50.0  time: 0.1\n"


def bad_lines(at: int) -> str:
    garbage = f"\0\0 {at} " + "torn " * 50
    return garbage + '\n{"mIoU": NaN, "step": 1}\n{"mIoU": -1, "step": 2}\n'


@pytest.mark.parametrize("line", [scalars, text_log, bad_lines])
def test_peak_memory(tmp_path: Path, line: Callable[[int], str]) -> None:
    name = "train.log" if line is text_log else "scalars.json"
    path = tmp_path / "none/d/m" / name
    path.parent.mkdir(parents=True)

    def chunks() -> Iterator[str]:
        yield "train_cfg = dict(max_iters=99999999, val_interval=5000)\n" * (line is text_log)
        for start in range(0, 10**9, 50_000):
            yield "".join(line(at) for at in range(start + 50, start + 50_001, 50))

    with path.open("w") as file:
        for chunk in chunks():
            if file.tell() > SIZE:
                break
            file.write(chunk)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, path], capture_output=True, text=True, check=True
    )
    before, after, curves, train, skipped = map(int, done.stdout.split())
    print(f"{SIZE >> 20} MiB of {line.__name__}: peak {after >> 10} MiB, {before >> 10} at import")
    assert after < 300 * 1024
    assert after - before < 30 * 1024  # half the file, and a tenth of its lines as objects
    assert train <= 4000
    assert skipped <= 4
    assert (curves > 1000) == (line is not bad_lines)
