"""pyproject.toml, requirements.lock, environment.yml and the Makefile name one environment."""

import importlib.util
import re
import subprocess
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from trainstudy.paths import project_root

ROOT = project_root()
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = (ROOT / "requirements.lock").read_text()
GROUPS = PYPROJECT["dependency-groups"].values()
WANTED = [
    Requirement(text)
    for text in [
        *PYPROJECT["project"]["dependencies"],
        *(item for group in GROUPS for item in group),
    ]
]
# one item of the lock: a requirement and its hashes on continued lines
ITEMS = LOCK.replace("\\\n", " ").strip().splitlines()
LOCKED = [Requirement(item.partition(" --hash=")[0]) for item in ITEMS]
PYTHONS = ("3.11", "3.12")


def locked(name: str, python: str) -> str | None:
    """The lock's version of a package on Linux under a Python."""
    marked = {
        "python_version": python,
        "python_full_version": f"{python}.7",
        "sys_platform": "linux",
    }
    found = [
        str(item.specifier).removeprefix("==")
        for item in LOCKED
        if canonicalize_name(item.name) == canonicalize_name(name)
        and (item.marker is None or item.marker.evaluate(marked))
    ]
    assert len(found) <= 1, f"{name} is locked twice"
    return found[0] if found else None


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("wanted", WANTED, ids=lambda wanted: wanted.name)
def test_the_lock_satisfies_every_dependency(wanted, python):
    version = locked(wanted.name, python)
    if wanted.name == "torch":
        assert version is None, "torch's build is the machine's choice: it is installed by itself"
    else:
        assert version is not None
        assert wanted.specifier.contains(version)


def test_every_item_of_the_lock_has_one_version_and_hashes():
    assert len(ITEMS) > 100
    for item, requirement in zip(ITEMS, LOCKED, strict=True):
        (specifier,) = requirement.specifier
        assert specifier.operator == "=="
        assert re.search(r" --hash=sha256:[0-9a-f]{64}\b", item), requirement.name


@pytest.mark.parametrize("python", PYTHONS)
def test_the_python_versions_are_the_ones_locked(python):
    assert (
        Version(f"{python}.0")
        in Requirement(f"x{PYPROJECT['project']['requires-python']}").specifier
    )


def test_environment_yml_is_what_the_tool_writes():
    path = ROOT / "tools" / "environment.py"
    spec = importlib.util.spec_from_file_location("environment_tool", path)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert (ROOT / "environment.yml").read_text() == tool.environment(PYPROJECT, LOCK)


def test_environment_yml_pins_every_dependency_at_the_lock():
    given = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    (python,) = (item.removeprefix("python=") for item in given if str(item).startswith("python="))
    assert python in PYTHONS
    (pip,) = (item["pip"] for item in given if isinstance(item, dict))
    given = [Requirement(item) for item in pip if item != "-e ."]
    pins = {item.name: str(item.specifier).removeprefix("==") for item in given}
    assert "-e ." in pip
    assert set(pins) == {item.name for item in WANTED}
    assert pins.pop("torch") == str(next(w for w in WANTED if w.name == "torch").specifier)[2:]
    assert pins == {name: locked(name, python) for name in pins}


def test_torch_is_exact_and_the_makefile_installs_the_same():
    (torch,) = (text for text in PYPROJECT["project"]["dependencies"] if text.startswith("torch=="))
    assert re.fullmatch(r"torch==\d+\.\d+\.\d+", torch)
    command = ["make", "--silent", "--eval=show: ; @echo $(TORCH)", "show"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == torch


@pytest.mark.parametrize(
    "name",
    ["pyproject.toml", "requirements.lock", "environment.yml", "Makefile", "tools/environment.py"],
)
def test_no_registry_address_is_written_down(name):
    text = (ROOT / name).read_text().lower()
    assert not re.search(r"https?://|index[-_]url|find[-_]links|--index|trusted-host", text)
