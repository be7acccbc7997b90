import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from trainstudy.training.launch import ProcessError, launch

DISAGREE = """
from trainstudy.training import distributed
distributed.agree(5 * distributed.rank())
"""
KILLED = """
import os, signal, time
from trainstudy.training import distributed
if distributed.rank() == 1:
    os.kill(os.getpid(), signal.SIGKILL)
time.sleep(600)
"""
ABANDONED = """
import sys
from trainstudy.training.launch import launch
launch(exec, 1, "cpu", '''
import os, pathlib, time
pathlib.Path(place).write_text(str(os.getpid()))
time.sleep(600)
''', {"place": sys.argv[1]})
"""


def test_an_error_of_a_process_is_raised_with_its_text():
    expected = r"process \d of 2: Traceback(.|\n)*checkpoints of different iterations: \[0, 5\]"
    with pytest.raises(ProcessError, match=expected):
        launch(exec, 2, "cpu", DISAGREE, {})


def test_a_killed_process_takes_the_others_with_it():
    start = time.monotonic()
    with pytest.raises(ProcessError, match="process 1 of 2 was ended by SIGKILL"):
        launch(exec, 2, "cpu", KILLED, {})
    assert time.monotonic() - start < 300, "the other one sleeps for longer"


def test_what_cannot_be_sent_to_a_process_is_an_error_here():
    with pytest.raises(AttributeError, match="pickle"):
        launch(lambda: None, 2, "cpu")


def test_processes_end_with_their_caller(tmp_path):
    place = tmp_path / "number"
    caller = subprocess.Popen([sys.executable, "-c", ABANDONED, place])
    while not (place.exists() and place.read_text()):
        assert caller.poll() is None
        time.sleep(0.05)
    worker = int(place.read_text())
    assert _runs(worker)
    caller.send_signal(signal.SIGKILL)
    caller.wait()
    end = time.monotonic() + 60
    while _runs(worker) and time.monotonic() < end:
        time.sleep(0.05)
    assert not _runs(worker)


def _runs(process: int) -> bool:
    """Whether it is there, and no zombie that nobody has asked for."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")
