import numpy as np

from trainstudy.data import generated
from trainstudy.strategies import get


def test_images_of_its_working_size_are_brought_to_that_of_the_labels(tiny_set, tmp_path):
    train = tiny_set(1)
    halves = np.repeat([[[0, 0, 0]] * 8 + [[200, 100, 0]] * 16], 16, axis=0).astype(np.uint8)
    manifest = generated.write(tmp_path, train, [(0, "night", halves)])
    (image,) = get("gen_cyclediffusion").generate(train, 0, manifest).images
    assert image.shape == (32, 48, 3)
    assert (image[:, :14] == 0).all()
    assert (image[:, 18:] == (200, 100, 0)).all()
