import dataclasses

from trainstudy.data import generated
from trainstudy.strategies import get


def test_one_manifest_serves_several_data_sets(tiny_set, tmp_path):
    """The study translated all its data sets in one go, BDD10k beside the larger BDD100k."""
    large = dataclasses.replace(tiny_set(6), name="BDD100k")
    train = dataclasses.replace(tiny_set(2), name="bdd10k/train")
    images = [(index, "night", 255 - image) for index, image in enumerate(large.images)]
    manifest = generated.write(tmp_path, large, images)
    text = manifest.read_text()
    for index in (0, 1):
        text = text.replace(f"tiny_{index},night,BDD100k", f"tiny_{index},night,BDD10k")
    manifest.write_text(text)
    assert get("gen_TSIT").generate(train, 0, manifest).names == ("tiny_0_night", "tiny_1_night")
