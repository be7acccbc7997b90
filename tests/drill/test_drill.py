import importlib
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture
def moments(monkeypatch):
    """The modules ``moments`` and ``tripwire`` of the drill, which is a program, not a package."""
    monkeypatch.syspath_prepend(HERE)
    return importlib.import_module("moments"), importlib.import_module("tripwire")


@pytest.fixture(scope="module")
def drilled(tmp_path_factory):
    """The reduced drill: what it printed, and every fault that it met."""
    path = tmp_path_factory.mktemp("drill") / "drill.json"
    done = subprocess.run(
        [sys.executable, HERE, "--reduced", "--json", path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, [one for case in json.loads(path.read_text()) for one in case["struck"]]


def test_every_fault_is_recovered_to_the_bit(drilled):
    printed, struck = drilled
    last = printed.splitlines()[-1]
    assert re.fullmatch(r"(\d+) faults, \1 recovered bit-equal", last)
    assert int(last.split()[0]) == len(struck) >= 65


def test_the_kills_landed_where_named(drilled, moments):
    named, _ = moments
    landed = {one["name"]: one for one in drilled[1] if one["kind"] == "SIGKILL"}
    for moment in [*named.MOMENTS, *named.RESUMING, named.REPLACING, named.BRANCHING]:
        evidence = json.loads(landed[moment.name]["evidence"])  # written by the process that died
        assert evidence["moment"] == moment.name
        about = evidence["paths"][:1]
        assert all(re.search(moment.pattern, path) for path in about)
        assert about or moment.operation in ("evaluate", "compare")


def test_what_could_not_be_written_was_named_to_the_user(drilled):
    kinds = {"file too large", "read-only", "flush fails (EIO, injected)", "origin damaged"}
    errors = [one for one in drilled[1] if one["kind"] in kinds]
    assert {one["kind"] for one in errors} == kinds
    assert all(re.search(r"(OSError|Error): .*/(runs|trunk)/", one["evidence"]) for one in errors)


def test_a_disk_that_is_not_as_the_moment_says_is_noticed(moments, tmp_path):
    """A whole file in a folder: what no torn, emptied or removed one looks like."""
    named, tripwire = moments
    file = tmp_path / "iter_2" / "checkpoint.json"
    file.parent.mkdir()
    file.write_text("{}")
    about = {"rename": (file, file.parent), "replace": (file, file.parent)}
    about |= {"mkdir": (file.parent,), "rmdir": (file.parent,)}
    for moment in named.MOMENTS:
        paths = tuple(map(str, about.get(moment.operation, (file,))))
        seen = tripwire.Evidence(moment.name, 1, paths, tuple(map(tripwire.size, paths)))
        assert named.contradiction(moment, replace(seen, moment="another"), tmp_path)
        assert named.contradiction(moment, replace(seen, sizes=(3, None)), tmp_path)
        removes = moment.operation in ("mkdir", "unlink", "rmdir", "rename")
        moved = (moment.operation, moment.phase) == ("replace", "after")
        if removes or moved or moment.phase == "half":
            assert named.contradiction(moment, seen, tmp_path), moment


SABOTAGED = """
import json, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from unittest import mock
import drill, subjects
from cases import AT, STOPPED, Case
from damage import checkpoints, flip, logs
from kills import Kill
from subjects import ALONE
from safetensors.torch import load_file
from trainstudy.runs.record import MetricsLog
from trainstudy.training import checkpoint, loop

def uncut(self, path, size=0):
    opened(self, path, path.stat().st_size if path.exists() else 0)

def unverified(path, device="cpu"):
    index = json.loads((path / "checkpoint.json").read_text())
    tensors = {Path(name).stem: load_file(path / name) for name in index["sha256"]}
    return checkpoint.Checkpoint(index["iteration"], tensors, index["state"], index["sha256"])

def prune(folder, iteration, keep, spare):
    pruned(folder, 10**9, keep, spare)

opened, pruned = MetricsLog.__init__, checkpoint.prune
subjects.warm_up()
work = drill.Drill(Path(sys.argv[2]))
work.reference(ALONE)
flipped = list(checkpoints(6, 1))[5]
sabotages = [
    (mock.patch.object(MetricsLog, "__init__", uncut), STOPPED),
    (mock.patch.object(checkpoint, "load", unverified), flipped),
    (mock.patch.object(checkpoint, "prune", prune), next(logs(6)), Kill(STOPPED.moment, 3)),
    (mock.patch.object(loop, "seed_torch", lambda *_: None), Kill(STOPPED.moment, 99)),
]
found = []
for sabotage, *faults in sabotages:
    work._stopped()
    with sabotage:
        (result,) = work.run([Case(ALONE, tuple(faults), "stopped")], jobs=1)
    found.append([result.struck[-1].problem, result.difference])
print(json.dumps(found))
"""


def test_what_would_break_the_promises_is_noticed(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SABOTAGED, HERE, tmp_path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    uncut, unverified, pruned, never = json.loads(done.stdout.splitlines()[-1])
    assert "metrics.jsonl" in uncut[1]
    assert "did not say" in unverified[1]
    assert pruned[1] == "resumed from 0, not from 2"
    assert "did not come to arrival 99" in never[0]
