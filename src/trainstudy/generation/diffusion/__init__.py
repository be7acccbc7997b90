"""Images that published diffusion models make of training images. One file is one strategy.

A method runs a pipeline of diffusers, or says which tool makes its images instead. A new file with
a ``METHOD``, named as its strategy, is found by its name.
"""

import importlib
import pkgutil

from trainstudy.generation.diffusion._method import Elsewhere, Method

__all__ = ["METHODS", "Elsewhere", "Method"]

METHODS: dict[str, Method | Elsewhere] = {
    module.name: importlib.import_module(f"{__name__}.{module.name}").METHOD
    for module in sorted(pkgutil.iter_modules(__path__))
    if module.name.startswith("gen_")
}
