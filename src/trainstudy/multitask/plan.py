"""What a study trains: a YAML file with ``seeds``, ``common`` parameters and ``cells``.

Cells stand in the order of their worth: name, why, and the parameters that set them apart.
"""

from pathlib import Path
from typing import Any

from pydantic import Field

from trainstudy import yaml_file
from trainstudy.multitask.parameters import TrainMultitask
from trainstudy.parameters import ParameterError, Parameters


class Cell(Parameters):
    """One configuration of a study: ``why`` it is there, and how it differs from ``common``."""

    name: str
    why: str
    parameters: dict[str, Any] = Field(default_factory=dict)


class StudyPlan(Parameters):
    """The cells in their order, and what all of them have in common.

    ``test``: whether test images are scored, which a tuning has to leave alone.
    """

    seeds: list[int] = Field(min_length=1)
    common: dict[str, Any]
    cells: list[Cell] = Field(min_length=1)
    test: bool = True

    def chain(self, cell: Cell, seed: int, **where: Any) -> TrainMultitask:
        """The parameters of one cell with one seed. Raises ParameterError naming the cell."""
        try:
            return TrainMultitask.checked(**{**self.common, **cell.parameters, **where}, seed=seed)
        except ParameterError as error:
            raise ParameterError(f"cell {cell.name!r}: {error}") from None


def read_plan(path: Path) -> StudyPlan:
    """Raises ValueError naming the file and what is wrong with it, the parameters of cells too."""
    content = yaml_file.read(path)
    try:
        plan = StudyPlan.checked(**content)
        names = [cell.name for cell in plan.cells]
        if len(set(names)) < len(names):
            raise ValueError("two cells have one name")
        for cell in plan.cells:
            plan.chain(cell, plan.seeds[0])
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path}: {error}") from error
    return plan
