"""Where a result comes from: code, packages, machine."""

import importlib.metadata
import os
import platform
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

PACKAGES = (
    "trainstudy", "torch", "numpy", "onedl-mmengine", "onedl-mmcv", "onedl-mmsegmentation",
    "albumentations", "opencv-python-headless", "safetensors", "timm", "torchjd",
    "faster-coco-eval",
)  # fmt: skip


@cache
def commit() -> dict[str, Any]:
    """The commit of the source and whether it was changed since; nulls outside a checkout, unless
    ``$TRAINSTUDY_COMMIT`` names the commit that the source was exported from."""
    here = Path(__file__).parent
    try:
        # installed below somebody else's repository, their commit is not ours
        _git(here, "ls-files", "--error-unmatch", Path(__file__).name)
        sha = _git(here, "rev-parse", "HEAD")
        dirty = bool(_git(here, "status", "--porcelain", "--", str(here.parent)))
    except (OSError, subprocess.CalledProcessError):
        return {"commit": os.environ.get("TRAINSTUDY_COMMIT"), "dirty": None}
    return {"commit": sha, "dirty": dirty}


def versions() -> dict[str, str]:
    """The installed version of every package that can change a number."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
