import csv

import numpy as np
import pytest

from trainstudy.data.generated import read, write


def test_what_is_written_is_read(manifest, train, night):
    found = read(manifest, train)
    assert np.array_equal(found.images.images, [pixels for _, _, pixels in night])
    assert np.array_equal(found.images.labels, train.labels)
    assert found.images.classes == train.classes
    assert set(found.images.domains) == {"night"}
    assert (found.report.used, found.report.originals, found.report.problems) == (24, 24, ())


def test_the_manifest_has_the_columns_of_the_study(manifest):
    with manifest.open(newline="") as file:
        row = next(csv.DictReader(file))
    assert row == {
        "gen_path": "night/tiny_0.png",
        "original_path": "tiny_0",
        "name": "tiny_0",
        "domain": "night",
        "dataset": "tiny",
        "target_domain": "night",
    }


def test_an_interrupted_run_leaves_no_manifest_not_even_the_old_one(manifest, train, night):
    def interrupted():
        yield night[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(manifest.parent, train, interrupted())
    assert not manifest.exists()


def test_a_second_image_of_one_original_and_domain_is_refused(tmp_path, train, night):
    with pytest.raises(ValueError, match=r"tiny_3 has two images in domain 'night'"):
        write(tmp_path, train, [*night, night[3]])
