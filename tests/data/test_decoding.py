import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from trainstudy.data.decoding import decode, in_order
from trainstudy.data.labels import Labels
from trainstudy.data.layout import Item


@pytest.fixture
def pair(tmp_path):
    image, label = tmp_path / "a.png", tmp_path / "a_ids.png"
    return Item("a", "all", "a", image, label)


def test_images_shrink_by_area_means_and_labels_to_the_nearest_pixel(describe, draw, pair):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (24, 48, 3), dtype=np.uint8)
    ids = rng.integers(0, 4, (24, 48), dtype=np.uint8)
    draw.save(pair.image, pixels)
    draw.save(pair.label, ids)
    found = decode(pair, Labels(describe()), (8, 16))
    means = pixels.reshape(8, 3, 16, 3, 3).mean(axis=(1, 3))
    assert np.abs(found.image - means).max() <= 0.51
    # of three pixels in a row the middle one is the nearest to the new pixel's centre
    assert (found.label == np.array([255, 0, 1, 2])[ids[1::3, 1::3]]).all()
    assert found.original == (24, 48)


def test_images_grow_bilinearly(describe, draw, pair):
    draw(pair.image, pair.label, [1, 2], (4, 8))
    found = decode(pair, Labels(describe()), (4, 16))
    row = found.image[0, :, 0].astype(int)
    assert (row[0], row[-1]) == (7, 14)
    assert (np.diff(row) >= 0).all()
    assert len(set(row.tolist())) > 2
    assert set(found.label.ravel().tolist()) == {0, 1}


def test_what_is_wrong_with_either_file_is_told(describe, draw, pair):
    draw(pair.image, pair.label, [1, 9])
    pair.image.write_bytes(pair.image.read_bytes()[:90])  # cut off
    image, label = decode(pair, Labels(describe()), (8, 16))
    assert (image.file, label.file) == (pair.image, pair.label)
    assert "cannot be read: " in image.what
    assert "outside the mapping: 9" in label.what
    draw.save(pair.image, np.zeros((24, 48), dtype=np.uint16))
    assert "mode I;16, an image has" in decode(pair, Labels(describe()), (8, 16))[0].what
    pair.label.write_text("no image")
    assert "cannot be read: " in decode(pair, Labels(describe()), (8, 16))[1].what


def test_an_image_that_might_fill_the_memory_is_told(describe, draw, pair, monkeypatch):
    draw(pair.image, pair.label, [1])
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 24 * 48 // 2 - 1)  # twice as many are an error
    image, label = decode(pair, Labels(describe()), (8, 16))
    assert (image.file, label.file) == (pair.image, pair.label)
    assert "cannot be read: Image size (1152 pixels) exceeds" in image.what


def test_a_label_of_another_size_is_told(describe, draw, pair):
    draw(pair.image, pair.label, [1])
    draw.save(pair.label, np.ones((48, 24), dtype=np.uint8))
    (problem,) = decode(pair, Labels(describe()), (8, 16))
    assert (problem.file, problem.what) == (pair.label, "is 24x48 pixels, its image 48x24")


@given(st.lists(st.integers()), st.integers(1, 4))
def test_results_come_in_the_order_of_their_inputs(numbers, workers):
    assert list(in_order(str, numbers, workers)) == [str(number) for number in numbers]


def test_only_a_few_results_wait_to_be_taken():
    begun: list[int] = []
    done = threading.Event()

    def work(number: int) -> int:
        begun.append(number)
        done.set()
        return number

    results = in_order(work, range(1000), workers=2)
    assert next(results) == 0
    done.wait()
    assert len(begun) <= 2 * 2 + 1
    results.close()


def test_an_error_of_a_worker_is_the_callers():
    with pytest.raises(ZeroDivisionError):
        list(in_order(lambda number: 1 // number, [2, 1, 0], workers=2))
