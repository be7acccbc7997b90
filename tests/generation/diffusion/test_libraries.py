import sys

import pytest

from trainstudy.generation.diffusion.libraries import load_diffusers


def test_what_is_missing_is_named_with_how_to_install_it(monkeypatch):
    load_diffusers.cache_clear()
    monkeypatch.setitem(sys.modules, "accelerate", None)  # as if it were not installed
    with pytest.raises(ModuleNotFoundError, match=r"accelerate is not installed.*--group generate"):
        load_diffusers()
