"""What the parameters of every training have in common."""

from pathlib import Path

from pydantic import Field, NonNegativeInt

from trainstudy.parameters import Parameters
from trainstudy.paths import project_root


class TrainingParameters(Parameters):
    """Where it runs, and where its record goes: ``runs_root``, else the project's ``runs/``."""

    resume: bool = True
    seed: NonNegativeInt = 0
    device: str = Field(default="auto", pattern=r"^(auto|cpu|cuda(:\d+)?)$")
    runs_root: str | None = None

    @property
    def runs(self) -> Path:
        """The folder that run folders are made in."""
        return Path(self.runs_root).expanduser() if self.runs_root else project_root() / "runs"
