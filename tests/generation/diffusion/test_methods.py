"""What holds for every file of the package."""

import pytest

from trainstudy.data.generated.domains import ALIASES
from trainstudy.generation.diffusion import METHODS, Method
from trainstudy.strategies import STRATEGIES, get
from trainstudy.strategies._manifest import FromManifest

TRAINED_HERE = {"gen_TSIT", "gen_cycleGAN"}


def test_every_strategy_that_reads_a_manifest_has_what_makes_it():
    reading = {name for name in STRATEGIES if isinstance(get(name), FromManifest)}
    assert reading == TRAINED_HERE | set(METHODS)


@pytest.mark.parametrize("name", METHODS)
def test_a_pipeline_has_a_prompt_for_every_domain_of_the_study(name):
    method = METHODS[name]
    if isinstance(method, Method):
        assert set(method.prompts) == set(ALIASES)
        assert len(set(method.prompts.values())) == len(ALIASES)
    else:
        assert "github.com/" in method.tool
