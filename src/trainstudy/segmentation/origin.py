"""The checkpoint of another run that a training starts from: a branch of ours, or mmengine's."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from torch import nn

from trainstudy.files import read_json
from trainstudy.runs.record import RUN
from trainstudy.segmentation.models import ModelConfig
from trainstudy.training import checkpoint
from trainstudy.training.checkpoint import Checkpoint

IMPORTED = ("learning_rate", "schedulers")


@dataclass(frozen=True)
class Origin:
    """A checkpoint that exists, and the sums of its content: what the new run's identity holds."""

    path: Path
    iteration: int
    sha256: dict[str, str]

    @classmethod
    def find(cls, path: str, runs: Path | None = None) -> Self:
        """Look at ``.../checkpoints/iter_N`` of a run, or at ``iter_N.pth`` of mmengine.

        Of one that is gone, as the run may have gone on since and kept others, what a run below
        ``runs`` tells that started from it. Raises ValueError naming the parameter where it is
        neither, or cannot be read.
        """
        found = Path(path).expanduser()
        if found.suffix == ".pth" and found.is_file():
            from trainstudy.segmentation.mmengine_checkpoint import iteration_of

            return cls(found, iteration_of(found), {found.name: checkpoint.sha256(found)})
        if (found / checkpoint.INDEX).is_file():
            try:
                index = read_json(found / checkpoint.INDEX)
                return cls(found, int(index["iteration"]), dict(index["sha256"]))
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(
                    f"parameter 'branch_from': {found / checkpoint.INDEX} is damaged: {error!r}"
                ) from error
        if runs is not None and not found.exists() and (known := cls._recorded(found, runs)):
            return known
        raise ValueError(
            f"parameter 'branch_from': {path!r} is neither the folder of a checkpoint "
            "(RUN/checkpoints/iter_N) nor an iter_N.pth of mmengine; a run keeps those of its "
            "`budgets`"
        )

    @classmethod
    def _recorded(cls, path: Path, runs: Path) -> Self | None:
        """What a run below ``runs`` tells of the checkpoint that it started from, None where there
        is no such run."""
        for record in sorted(runs.glob(f"*/{RUN}")):
            with suppress(ValueError):  # damaged: not what is looked for
                origin = read_json(record).get("origin") or {}
                if origin.get("path") == str(path):
                    return cls(path, origin["iteration"], origin["sha256"])
        return None

    def effective(self) -> dict[str, Any]:
        return {"iteration": self.iteration, "sha256": self.sha256}

    def described(self, loaded: Checkpoint) -> dict[str, Any]:
        """What a record says of it: beside its content where it was, and the rate and schedulers
        that an imported checkpoint had (to be compared with the schedule asked for)."""
        known = {key: loaded.state[key] for key in IMPORTED if key in loaded.state}
        return {"path": str(self.path), **self.effective(), **known}

    def load(self, config: ModelConfig, module: nn.Module) -> Checkpoint:
        """Its tensors for a module of ``config``.

        Raises DamagedCheckpointError, or ValueError where it is of another model.
        """
        from trainstudy.segmentation.mmengine_checkpoint import fitting, import_checkpoint

        if self.path.suffix == ".pth":
            return import_checkpoint(self.path, config, module)
        found = checkpoint.load(self.path, str(next(module.parameters()).device))
        fitting(self.path, found.tensors["model"], module)
        return found
