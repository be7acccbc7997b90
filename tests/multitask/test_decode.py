import pytest
import torch

from trainstudy.multitask.decode import decode, read

SHAPES = ((4, 6), (2, 3), (1, 2))  # of an image of 32x48


def silent(images=1, classes=3):
    """Maps that find nothing anywhere."""
    maps = [torch.zeros(images, 5 + classes, *shape) for shape in SHAPES]
    for level in maps:
        level[:, 5:] = -20
    return maps


def plant(maps, level, row, column, distances, label, logit=20.0, quality=20.0, image=0):
    cell = maps[level][image, :, row, column]
    cell[:4], cell[4], cell[5 + label] = torch.tensor(distances), quality, logit


def test_locations_are_the_middles_of_cells_finest_level_first():
    dense = read(silent())
    assert dense.points.shape == (24 + 6 + 2, 2)
    assert dense.points[[0, 1, 6, 24, 30, 31]].tolist() == [
        [4, 4], [12, 4], [4, 12], [8, 8], [16, 16], [48, 16],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("level", "row", "column", "box"),
    [(0, 1, 4, [28, 4, 44, 28]), (1, 1, 2, [24, 8, 56, 56]), (2, 0, 1, [16, -16, 80, 80])],
)
def test_a_planted_box_is_found_where_it_is(level, row, column, box):
    maps = silent()
    distances = [(1, 1, 1, 2), (1, 1, 1, 2), (1, 1, 1, 2)][level]
    plant(maps, level, row, column, distances, label=2)
    ((boxes, scores, labels),) = decode(maps)
    assert boxes.tolist() == [box]
    assert labels.tolist() == [2]
    assert scores.item() == pytest.approx(1, abs=1e-6)


def test_scores_are_geometric_means_best_first_and_cut_at_the_threshold():
    maps = silent()
    plant(maps, 0, 0, 0, (0.4,) * 4, label=0, logit=0.0, quality=20.0)
    plant(maps, 0, 0, 5, (0.4,) * 4, label=1, logit=20.0, quality=20.0)
    plant(maps, 0, 3, 0, (0.4,) * 4, label=1, logit=-6.0, quality=0.0)
    ((_, scores, labels),) = decode(maps)
    assert labels.tolist() == [1, 0]
    assert scores.tolist() == pytest.approx([1, 0.5**0.5], abs=1e-6)
    ((_, scores, _),) = decode(maps, score=0.03)
    assert scores[-1].item() == pytest.approx((0.5 / (1 + torch.tensor(6.0).exp())) ** 0.5)
    assert len(decode(maps, top=1)[0][0]) == 1


def test_boxes_are_suppressed_within_a_class_and_an_image_only():
    maps = silent(images=2)
    plant(maps, 0, 1, 1, (2,) * 4, label=0)
    plant(maps, 1, 0, 0, (1.5, 1.5, 0.5, 0.5), label=0, logit=3.0)  # overlaps by less than half
    plant(maps, 0, 1, 2, (3, 2, 1, 2), label=0, logit=2.0)  # the first one again
    plant(maps, 0, 2, 1, (2, 3, 2, 1), label=1)  # and of another class
    plant(maps, 0, 1, 1, (2,) * 4, label=0, logit=1.0, image=1)  # and in another image
    first, second = decode(maps)
    assert sorted(first[2].tolist()) == [0, 0, 1]
    assert second[2].tolist() == [0]


def test_nothing_is_found_where_nothing_scores():
    assert [len(part) for part in decode(silent())[0]] == [0, 0, 0]


def test_a_map_too_many_is_an_error():
    with pytest.raises(ValueError, match=r"3 maps for strides \(8, 16\)"):
        decode(silent(), strides=(8, 16))
