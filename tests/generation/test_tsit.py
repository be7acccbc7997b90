import pytest
import torch

from trainstudy.generation.tsit import TSIT


@pytest.fixture
def tsit():
    torch.manual_seed(0)
    return TSIT(width=2, depth=2)


def test_the_discriminators_learn_four_times_as_fast(tsit):
    generator, critics = tsit.optimizer(tsit.learning_rate).param_groups
    assert (generator["lr"], critics["lr"]) == (1e-4, 4e-4)
    assert generator["betas"] == critics["betas"] == (0.0, 0.9)


def test_a_translation_that_is_its_source_has_no_content_loss(tsit, pair):
    tsit.eval()  # no power iteration in between
    tsit.generator.forward = lambda source, target: (source, tsit.generator.content(source))
    assert tsit.losses(*pair)["content"].item() == 0
    tsit.generator.forward = lambda source, target: (target, tsit.generator.content(source))
    parts = tsit.losses(*pair)
    assert parts["content"].item() > 0.1
    assert parts["features"].item() == 0  # the discriminators cannot tell it from the target


def test_the_hinge_is_two_where_nothing_is_told_apart(tsit, pair):
    for critic in tsit.critics:
        torch.nn.init.zeros_(critic.layers[-1].weight)
        torch.nn.init.zeros_(critic.layers[-1].bias)
    parts = tsit.losses(*pair)
    assert parts["discriminator"].item() == pytest.approx(2)
    assert parts["adversarial"].item() == 0
