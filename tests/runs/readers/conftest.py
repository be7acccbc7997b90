"""Files as mmengine, mmcv and this project write them, small."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

Write = Callable[[str, Iterable[object] | str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file below the temporary folder: text as it is, objects as JSON lines."""

    def write_file(name: str, content: Iterable[object] | str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, str):
            content = "".join(json.dumps(row) + "\n" for row in content)
        path.write_text(content)
        return path

    return write_file


@pytest.fixture(scope="session")
def mmengine_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Work directories made by mmengine's own Runner (see mmengine_runner.py)."""
    root = tmp_path_factory.mktemp("mmengine")
    script = Path(__file__).with_name("mmengine_runner.py")
    done = subprocess.run(
        [sys.executable, script, root], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return root
