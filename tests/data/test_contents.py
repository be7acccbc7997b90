import pytest

from trainstudy.data import contents
from trainstudy.data.folders import Folder
from trainstudy.data.segmentation_set import SegmentationData


@pytest.fixture
def folder(describe, draw, tmp_path):
    """A described folder: 3 and 1 training images in two domains, one for val, two for test."""
    for split, domain, names in (
        ("train", "day", "abc"), ("train", "fog", "d"), ("val", "day", "e"), ("test", "fog", "fg")
    ):  # fmt: skip
        for name in names:
            paths = [tmp_path / f"{kind}{split}/{domain}/{name}.png" for kind in ("", "ids/")]
            draw(*paths, [1, 2, 3, 0], size=(24, 48) if name == "a" else (12, 24))
    return Folder(describe(), tmp_path)


def test_images_classes_and_sizes_are_counted(folder, tmp_path):
    (tmp_path / "ids/test/fog/g.png").write_text("the pixels of test are not read")
    found = contents.of_folder(folder)
    assert found.images.to_dict("split")["data"] == [
        ["train", "day", 3], ["train", "fog", 1], ["val", "day", 1], ["test", "fog", 2]
    ]  # fmt: skip
    assert list(found.classes["class"]) == ["road", "car", "sky", "ignored"]
    assert found.classes["train"].round(2).tolist() == [33.33, 33.33, 33.33, 25]
    assert found.sizes.to_dict("split")["data"] == [
        ["train", "24x12", 3], ["train", "48x24", 1], ["val", "24x12", 1]
    ]  # fmt: skip
    assert found.problems.empty


def test_all_problems_are_listed_and_the_sound_files_are_counted_all_the_same(
    folder, tmp_path, draw, cache
):
    for name in ("day/a", "fog/d"):
        (tmp_path / f"ids/train/{name}.png").unlink()
    (tmp_path / "ids/test/fog/g.png").unlink()
    draw(tmp_path / "train/day/b.png", tmp_path / "ids/train/day/b.png", [1, 9], size=(12, 24))
    draw(tmp_path / "val/day/e.png", tmp_path / "ids/val/day/e.png", [77], size=(12, 24))
    found = contents.of_folder(folder)
    assert [file.rpartition("/")[2] for file in found.problems["file"]] == [
        "a.png", "d.png", "b.png", "e.png", "g.png"
    ]  # fmt: skip
    assert found.classes["train"].iloc[0] == pytest.approx(100 / 3)  # of c.png
    assert found.classes["val"].tolist() == [0, 0, 0, 0]
    assert not [path for path in cache.iterdir() if path.is_dir()]


def test_what_two_splits_share_is_listed_once(folder, describe, tmp_path):
    description = describe(splits={"train": "train"}, hold_out=0.3, domains=["day", "fogs"])
    found = contents.of_folder(Folder(description, tmp_path))
    assert found.problems["what"].tolist() == [
        "has no domain 'fogs', but has 'fog', which is not read"
    ]


def test_images_that_are_not_read_or_not_there_are_listed(folder, tmp_path):
    (tmp_path / "train/day/a.png").rename(tmp_path / "train/day/a.ppm")
    (tmp_path / "train/day/b.png").unlink()
    (tmp_path / "train/day/b.png").symlink_to("gone.png")
    found = contents.of_folder(folder)
    assert [file.rpartition("/")[2] for file in found.problems["file"]] == ["a.ppm", "b.png"]
    assert found.sizes["images"].tolist() == [2, 1]  # c.png and d.png, e.png


def test_a_set_in_memory_has_the_same_tables(tiny_set):
    train, val = tiny_set(4), tiny_set(2, seed=1)
    found = contents.of_sets(SegmentationData(train, val, (8, 8)))
    assert found.images.to_dict("split")["data"] == [
        ["train", "day", 2], ["train", "dusk", 2], ["val", "day", 1], ["val", "dusk", 1]
    ]  # fmt: skip
    assert found.classes["val"].iloc[0] == pytest.approx(100 * (val.labels == 0).mean())
    assert found.sizes["size"].tolist() == ["48x32"] * 2
    assert found.problems.empty
