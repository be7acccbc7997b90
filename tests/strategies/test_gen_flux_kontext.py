import dataclasses

import pytest

from trainstudy.data import generated
from trainstudy.strategies import get


def test_a_manifest_without_the_data_set_says_which_it_has(tiny_set, tmp_path):
    """The inventory of the study lists no image of BDD10k for it, and results on BDD10k."""
    other = dataclasses.replace(tiny_set(3), name="MapillaryVistas")
    images = [(index, "night", 255 - image) for index, image in enumerate(other.images)]
    manifest = generated.write(tmp_path, other, images)
    train = dataclasses.replace(other, name="bdd10k/train")
    with pytest.raises(
        generated.ManifestError, match=r"No generated image .* other data sets: 3 MapillaryVistas"
    ):
        get("gen_flux_kontext").generate(train, 0, manifest)
