"""The libraries that published diffusion models run with: the dependency group ``generate``."""

from functools import cache
from importlib import import_module
from types import ModuleType

LIBRARIES = ("accelerate", "diffusers", "transformers")


@cache
def load_diffusers() -> ModuleType:
    """Import diffusers once, and keep transformers from telling that it found no torchvision.

    Raises ModuleNotFoundError saying what to install.
    """
    try:
        found = {name: import_module(name) for name in LIBRARIES}
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"generating images needs {', '.join(LIBRARIES)}, and {error.name} is not installed: "
            "'pip install --group generate' in the project's folder adds what is missing",
            name=error.name,
        ) from error
    found["transformers"].utils.logging.set_verbosity_error()
    return found["diffusers"]
