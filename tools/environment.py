"""Write environment.yml from pyproject.toml and requirements.lock: ``make lock`` calls it."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def locked(text: str) -> dict[str, str]:
    """``{package: version}`` of a lock, as it applies to Python 3.11 where versions differ."""
    versions: dict[str, str] = {}
    for line in text.splitlines():
        found = re.match(r"([A-Za-z0-9_.-]+)==(\S+)", line)
        if found and ">= '3.12'" not in line:
            versions[found[1].lower()] = found[2]
    return versions


def environment(pyproject: dict, lock: str) -> str:
    """The text of environment.yml: every direct dependency at the lock's version."""
    versions = locked(lock)
    groups = pyproject["dependency-groups"].values()
    wanted = [*pyproject["project"]["dependencies"], *(item for group in groups for item in group)]
    lines = []
    for requirement in wanted:
        name = re.match(r"[A-Za-z0-9_.-]+", requirement)[0]
        pin = requirement if "==" in requirement else f"{name}=={versions[name.lower()]}"
        lines.append(f"      - {pin}")
    return "\n".join(
        [
            "# Written by tools/environment.py from pyproject.toml and requirements.lock.",
            "name: trainstudy",
            "channels: [conda-forge]",
            "dependencies:",
            "  - python=3.11",
            "  - pip",
            "  - pip:",
            *lines,
            "      - -e .",
            "",
        ]
    )


if __name__ == "__main__":
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    text = environment(pyproject, (ROOT / "requirements.lock").read_text())
    (ROOT / "environment.yml").write_text(text)
