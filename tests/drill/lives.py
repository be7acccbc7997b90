"""A life of a training: one forked process, from its command to its end, whatever that is."""

import os
import resource
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

Work = Callable[[], None]


def begin(output: Path, *works: Work) -> int:
    """Fork a process that does ``works`` in order; its number. What it says goes to ``output``."""
    process = os.fork()
    if process == 0:
        code = 1
        try:
            with output.open("wb") as file:
                os.dup2(file.fileno(), sys.stderr.fileno())
            for work in works:
                work()
            code = 0
        except BaseException:
            hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))  # a fault's, not the report's
            traceback.print_exc(limit=-8)
        finally:
            sys.stderr.flush()
            os._exit(code)
    return process


def end(process: int) -> int:
    """Wait for it: its exit code, or the negative number of the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def live(output: Path, *works: Work) -> tuple[int, str]:
    """One life, and what it said: in the last line of that, where it failed, the error."""
    code = end(begin(output, *works))
    return code, output.read_text(errors="replace")
