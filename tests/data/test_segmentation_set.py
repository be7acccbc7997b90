import dataclasses

import numpy as np
import pytest

from trainstudy.data.segmentation_set import SegmentationSet


def test_the_fingerprint_follows_the_content_and_not_the_names(tiny_set):
    base = tiny_set()
    renamed = dataclasses.replace(base, name="x", names=("y",) * len(base), left_out=("z",))
    assert renamed.fingerprint == base.fingerprint
    pixel = base.images.copy()
    pixel[0, 0, 0, 0] ^= 1
    label = base.labels.copy()
    label[-1, -1, -1] = 255
    order = base.images[::-1]
    for change in (
        {"images": pixel},
        {"labels": label},
        {"images": order},
        {"classes": tuple("abc")},
    ):
        assert dataclasses.replace(base, **change).fingerprint != base.fingerprint


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: {"names": s.names[:-1]}, "tiny: 6 images, 6 labels, 5 names"),
        (lambda s: {"labels": s.labels[:, :-1]}, "do not fit labels"),
        (
            lambda s: {"labels": np.where(s.labels == 2, np.uint8(7), s.labels)},
            "holds label 7; acc",
        ),
    ],
)
def test_parts_that_do_not_fit_are_refused(tiny_set, change, message):
    base = tiny_set()
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(base, **change(base))


def test_checked_content_is_not_looked_at_again_but_whatever_replaces_it_is(tiny_set):
    base = tiny_set()
    wrong = np.full_like(base.labels, 7)
    parts = {
        name: getattr(base, name) for name in ("name", "classes", "images", "names", "domains")
    }
    known = SegmentationSet(**parts, labels=wrong, checked="f" * 64)
    assert known.fingerprint == "f" * 64
    with pytest.raises(ValueError, match="holds label 7"):
        dataclasses.replace(known, name="other")
    assert dataclasses.replace(known, labels=base.labels).fingerprint == base.fingerprint
