import re

import numpy as np
import pytest
import yaml

from trainstudy import data
from trainstudy.data.description import SHIPPED, read
from trainstudy.data.folders import Folder
from trainstudy.data.layout import DataError, NoTestSetError
from trainstudy.paths import project_root

STUDY = ("clear_day", "cloudy", "dawn_dusk", "foggy", "night", "rainy", "snowy")
IN_STUDY = "FINAL_SPLITS/{split}/{kind}/{folder}/{domain}/{name}"


def study(folder: str, suffix: str) -> tuple[str, str, list[str]]:
    """Image, label and domains of a data set in the study's layout."""
    place = IN_STUDY.replace("{folder}", folder)
    image = place.replace("{kind}", "images") + suffix
    return image, place.replace("{kind}", "labels") + ".png", list(STUDY)


LAYOUTS = {
    "bdd10k": (
        "bdd100k/images/10k/{split}/{name}.jpg",
        "bdd100k/labels/sem_seg/masks/{split}/{name}.png",
        ["all"],
    ),
    "iddaw": (
        "IDDAW/{split}/{domain}/rgb/{sequence}/{name}_rgb.png",
        "IDDAW/{split}/{domain}/gtSeg/{sequence}/{name}_labellevel3Ids.png",
        ["FOG", "LOWLIGHT", "RAIN", "SNOW"],
    ),
    "mapillary_vistas": (
        "mapillary_vistas/{split}/images/{name}.jpg",
        "mapillary_vistas/{split}/v1.2/labels/{name}.png",
        ["all"],
    ),
    "bdd10k-study": study("BDD10k", ".jpg"),
    "iddaw-study": study("iddaw", ".png"),
    "mapillary_vistas-study": study("MapillaryVistas", ".jpg"),
}


@pytest.fixture
def tree(tmp_path, draw, monkeypatch):
    """A maker of a shipped description's tree: 20 images in each domain, of four sequences."""

    def small(path):
        found = read(path)
        return found.model_copy(update={"size": [2, 2 * len(found.ids)]})

    def make(name: str) -> str:
        monkeypatch.setattr("trainstudy.data.folders.read", small)
        description = read(SHIPPED[name])
        image, label, domains = LAYOUTS[name]
        for split in description.splits.values():
            for domain in domains:
                for number in range(20):
                    parts = {"split": split, "domain": domain, "name": f"{domain}{number}"}
                    parts["sequence"] = f"{domain}-{number // 5}"
                    paths = [tmp_path / pattern.format(**parts) for pattern in (image, label)]
                    draw(*paths, ids=sorted(description.ids), size=(2, len(description.ids)))
        return str(tmp_path)

    return make


def test_every_shipped_description_has_its_layout_here():
    assert LAYOUTS.keys() == SHIPPED.keys()


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_layout_is_read(tree, name):
    root, description = tree(name), read(SHIPPED[name])
    sets, test = data.load(name, root), data.load_test(name, root)
    domains = len(LAYOUTS[name][2])
    assert sets.train.classes == sets.val.classes == data.classes.CITYSCAPES
    absent = {sets.train.classes.index(name) for name in description.absent}
    # in the study's layout the train ids hold every class, whatever may be absent
    expected = set(range(19)) - (absent if name == "iddaw" else set()) | {255}
    for part in (sets.train, sets.val, test):
        assert set(np.unique(part.labels)) == expected
        assert len(set(part.domains)) == domains
    groups = 4 if name == "iddaw" else 20  # a sequence stays together
    held_out = max(1, round(0.1 * groups)) * 20 // groups
    assert len(sets.val) == held_out * domains
    assert len(sets.train) == (20 - held_out) * domains
    assert len(test) == 20 * domains
    assert not {*sets.train.names} & {*sets.val.names}
    assert sets.crop == (512, 512)


def test_rgb_labels_of_the_studys_mapillary_are_its_ids(tree, tmp_path, draw):
    root = tree("mapillary_vistas-study")
    sets = data.load("mapillary_vistas-study", root)
    palette = {
        raw: colour for colour, raw in read(SHIPPED["mapillary_vistas-study"]).palette.items()
    }
    colours = np.array([list(palette[raw].to_bytes(3)) for raw in range(66)], dtype=np.uint8)
    for path in tmp_path.glob("FINAL_SPLITS/*/labels/*/*/*.png"):
        draw.save(path, np.tile(colours[None], (2, 1, 1)))
    coded = data.load("mapillary_vistas-study", root)
    assert coded.train.fingerprint == sets.train.fingerprint


# -- a description of one's own


@pytest.fixture
def mine(tmp_path, draw):
    """The page's example as a file beside a tree that fits it."""
    page = (project_root() / "book/method/data.md").read_text()
    (example,) = re.findall(r"^```yaml\n(.*?)^```", page, flags=re.M | re.S)
    (tmp_path / "my_streets.yaml").write_text(example)
    for split in ("train", "test"):
        for domain in ("sunny", "wet"):
            for number in range(12):
                stem = f"{domain}/{number // 3}_{number}"
                folder = tmp_path / "my_streets" / split
                draw(folder / f"images/{stem}.jpg", folder / f"labels/{stem}.png", [0, 1, 2, 3, 4])
    return tmp_path / "my_streets.yaml"


def test_the_example_of_the_page_is_ten_lines_and_runs(mine):
    assert len(mine.read_text().splitlines()) <= 12
    sets = data.load(str(mine))
    assert sets.train.classes == ("road", "car", "other")
    assert sets.train.images.shape == (18, 96, 128, 3)
    assert len(sets.val) == 6  # of four sequences of three images one, in both domains
    assert set(np.unique(sets.val.labels)) == {0, 1, 2, 255}
    assert set(sets.val.domains) == {"clear_day", "rainy"}
    train, val = ({name.rpartition("_")[0] for name in s.names} for s in (sets.train, sets.val))
    assert not train & val
    # the original of a generated image may be one of these, under a training image's file name
    assert (sorted(sets.train.left_out), sets.val.left_out) == (sorted(sets.val.names), ())


def test_test_files_are_not_opened_before_they_are_asked_for(mine, tmp_path):
    for path in (tmp_path / "my_streets" / "test").rglob("*.png"):
        path.write_text("not read")
    assert data.load(str(mine)).train
    with pytest.raises(DataError, match=r"(?s)my_streets: .*cannot be read.*and 14 more"):
        data.load_test(str(mine))


def test_a_description_may_name_no_test_split(mine):
    keys = yaml.safe_load(mine.read_text())
    del keys["splits"]["test"]
    mine.write_text(yaml.safe_dump(keys))
    assert data.load(str(mine)).train
    with pytest.raises(NoTestSetError, match="dataset 'my_streets' has no test set"):
        data.load_test(str(mine))


def test_a_class_that_never_occurs_is_an_error_unless_it_may_be_absent(mine, cache):
    keys = yaml.safe_load(mine.read_text())
    keys |= {"classes": [*keys["classes"], "boat"], "ids": {**keys["ids"], "boat": 9}}
    mine.write_text(yaml.safe_dump(keys))
    with pytest.raises(DataError, match="class 'boat' is in no training label"):
        data.load(str(mine))
    decoded = sorted(cache.iterdir())
    mine.write_text(yaml.safe_dump(keys | {"absent": ["boat"]}))
    assert data.load(str(mine)).train.classes[-1] == "boat"
    assert sorted(cache.iterdir()) == decoded  # to allow it decodes nothing again


@pytest.mark.parametrize("split", ["train", "val", "test"])
def test_a_split_without_a_labelled_pixel_is_a_problem(mine, draw, split):
    for item in Folder.open(str(mine), None).find(split)[0]:
        draw.save(item.label, np.zeros((24, 48), np.uint8))
    load = data.load_test if split == "test" else data.load
    with pytest.raises(DataError, match=f"no pixel of {split} is labelled: all are") as caught:
        load(str(mine))
    assert len(caught.value.problems) == 1


def test_all_that_is_wrong_is_said_at_once(mine, tmp_path, draw):
    train = tmp_path / "my_streets/train"
    (train / "labels/wet/0_0.png").unlink()
    (train / "labels/wet/1_3.png").unlink()
    with pytest.raises(DataError) as caught:
        data.load(str(mine))
    assert len(caught.value.problems) == 2
    for stem in ("0_0", "1_3"):
        draw(train / f"images/wet/{stem}.jpg", train / f"labels/wet/{stem}.png", [9])
    with pytest.raises(DataError, match=r"0_0\.png: holds ids outside the mapping: 9") as caught:
        data.load(str(mine))
    assert len(caught.value.problems) == 2
