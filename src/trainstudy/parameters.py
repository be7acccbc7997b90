"""Typed, strict parameters of notebooks: a misspelt name is an error before any work starts.

papermill injects whatever it is given, known or not. The first line of code of every notebook
therefore reads its parameters back from the notebook's own names and checks them.
"""

import ast
import difflib
from collections.abc import Iterator, Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator


class ParameterError(ValueError):
    """One or several parameters of a notebook are wrong; the text names each."""


class Parameters(BaseModel):
    """Base of every notebook's parameters: strict types, unknown names forbidden."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False
    )

    @model_validator(mode="before")
    @classmethod
    def _true_and_false(cls, values: dict[str, Any]) -> dict[str, Any]:
        """papermill's command line reads ``True`` and leaves the ``true`` of YAML a word."""
        words = {"true": True, "false": False}
        flags = {name for name, field in cls.model_fields.items() if field.annotation is bool}
        return {
            name: words.get(value, value) if name in flags and isinstance(value, str) else value
            for name, value in values.items()
        }

    @classmethod
    def read(cls, namespace: Mapping[str, Any]) -> Self:
        """The parameters among a notebook's names (pass ``globals()``).

        Raises ParameterError naming each unknown, missing or ill-typed parameter and what is
        accepted in its place.
        """
        values = {name: namespace[name] for name in _assigned(namespace) if name in namespace}
        return cls.checked(**values)

    @classmethod
    def checked(cls, **values: Any) -> Self:
        """The parameters with these values. Raises ParameterError as :meth:`read` does."""
        try:
            return cls(**values)
        except ValidationError as error:
            faults = [cls._fault(dict(fault)) for fault in error.errors()]
        raise ParameterError("\n".join(faults)) from None

    @classmethod
    def _fault(cls, fault: Mapping[str, Any]) -> str:
        message = str(fault["msg"]).removeprefix("Value error, ")
        if not fault["loc"]:
            return message  # of a check over several parameters, which names them itself
        name = str(fault["loc"][0])
        if fault["type"] == "extra_forbidden":
            near = difflib.get_close_matches(name, cls.model_fields, n=1)
            guess = f" (did you mean {near[0]!r}?)" if near else ""
            # its own before those that every training has
            names = sorted(cls.model_fields, key=lambda known: known not in cls.__annotations__)
            return f"unknown parameter {name!r}{guess}; accepted: {', '.join(names)}"
        if fault["type"] == "missing":
            return f"parameter {name!r} is missing"
        return f"parameter {name!r}: {message} (got {fault['input']!r})"


def _assigned(namespace: Mapping[str, Any]) -> list[str]:
    """The names that a notebook's parameter cells assign, injected ones included.

    Parameter cells hold nothing but assignments of literals. Jupyter keeps the source of every
    executed cell in ``In``; outside Jupyter every plain public value counts as a parameter.
    """
    cells = namespace.get("In")
    if isinstance(cells, list):
        return list(dict.fromkeys(name for cell in cells for name, _ in literals(cell)))
    return [
        name
        for name, value in namespace.items()
        if not name.startswith("_") and isinstance(value, str | int | float | list | None)
    ]


def literals(cell: str) -> Iterator[tuple[str, Any]]:
    """Names and values that a cell of literal assignments alone assigns; of any other cell none."""
    try:
        body = ast.parse(cell).body
        names = []
        for statement in body:
            if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
                return
            value = _value(statement.value)
            target = statement.targets[0]
            if not isinstance(target, ast.Name):
                return
            names.append((target.id, value))
    except (SyntaxError, ValueError):
        return
    yield from names


def _value(node: ast.expr) -> Any:
    """A literal, or what papermill writes for numbers that have none: ``float('inf')``."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "float" and len(node.args) == 1:
        return float(ast.literal_eval(node.args[0]))
    return ast.literal_eval(node)
