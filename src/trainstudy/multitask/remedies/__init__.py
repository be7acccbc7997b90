"""Remedies against forgetting in a sequence of tasks. One file of this package is one remedy.

They are written ``ewc:strength=100,lwf,replay:images=10``: names, each with its options, any of
them together. A new file with a ``REMEDY`` is found by its name; the tests ask for its test and its
paragraph.
"""

from pydantic import ValidationError

from trainstudy import registry
from trainstudy.multitask.remedies._remedy import Past, Remedy

__all__ = ["REMEDIES", "Past", "Remedy", "get", "parse"]

REMEDIES = registry.names(__path__)


def get(name: str) -> type[Remedy]:
    """The remedy of one file. Raises ValueError naming the accepted ones."""
    remedy: type[Remedy] = registry.find(__name__, name, REMEDIES, "remedy")
    return remedy


def parse(text: str) -> list[Remedy]:
    """The remedies that ``text`` names, in its order; none in an empty one.

    ``str`` of a remedy gives its full text back, every option included. Raises ValueError naming
    the accepted remedies, or the options of the one that was named.
    """
    options: dict[str, dict[str, str]] = {}
    for item in text.replace(" ", "").split(",") if text.strip() else []:
        name, colon, option = item.partition(":")
        if not colon and options and "=" in item:  # one more option of the last remedy
            name, option = next(reversed(options)), item
        elif name in options:
            raise ValueError(f"remedies {text!r}: {name} is named twice")
        found = options.setdefault(name, {})
        get(name)
        if colon or option:
            key, equals, value = option.partition("=")
            if not equals or key in found:
                raise ValueError(f"remedies {text!r}: cannot read {item!r}; {_usage(name)}")
            found[key] = value
    return [_made(name, found) for name, found in options.items()]


def _made(name: str, options: dict[str, str]) -> Remedy:
    try:
        return get(name).model_validate_strings(options)
    except ValidationError as error:
        faults = "; ".join(f"{fault['loc'][0]}: {fault['msg']}" for fault in error.errors())
        raise ValueError(f"remedy {name}: {faults}; {_usage(name)}") from None


def _usage(name: str) -> str:
    options = ",".join(f"{option}=..." for option in get(name).model_fields)
    return f"the form is {name}:{options}" if options else f"{name} has no options"
