import numpy as np
import pytest
from PIL import Image

from trainstudy import data
from trainstudy.data import camvid


@pytest.fixture
def folder(tmp_path):
    """Three images in the layout of the data root."""
    for part in ("images", "labels"):
        (tmp_path / part).mkdir()
    rows = ["name,original_split,sequence,domain,subset"]
    for index, (subset, domain) in enumerate(
        [("train", "day"), ("val_day", "day"), ("val_dusk", "dusk")]
    ):
        pixels = np.full((6, 8, 3), 40 * index, dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / "images" / f"f{index}.webp", lossless=True)
        Image.fromarray(np.full((6, 8), 11 - index, dtype=np.uint8)).save(
            tmp_path / "labels" / f"f{index}.png"
        )
        rows.append(f"f{index},train,s,{domain},{subset}")
    (tmp_path / "manifest.csv").write_text("\n".join(rows) + "\n")
    return tmp_path


def test_validation_is_both_domains_and_unlabelled_is_ignored(folder):
    sets = camvid.load(folder)
    assert sets.train.names == ("f0",)
    assert set(np.unique(sets.train.labels)) == {255}
    assert sets.val.domains == ("day", "dusk")
    assert sets.val.images[1].max() == 80


def test_an_unknown_subset_and_a_missing_image_are_named(folder):
    with pytest.raises(
        ValueError, match=r"no subset 'dawn'; it has \['train', 'val_day', 'val_dusk'\]"
    ):
        camvid.subset(folder, "dawn")
    (folder / "images" / "f0.webp").unlink()
    with pytest.raises(FileNotFoundError, match=r"f0.webp"):
        camvid.subset(folder, "train")


def test_a_manifest_without_its_columns_is_refused(folder):
    (folder / "manifest.csv").write_text("name,subset\nf0,train\n")
    with pytest.raises(
        ValueError, match=r"manifest.csv: no column domain, original_split, sequence"
    ):
        camvid.load(folder)


def test_the_real_data_has_its_subsets_and_no_dusk_in_training(data_root):
    sets = camvid.load(data_root / "camvid")
    assert len(sets.train) == 245
    assert set(sets.train.domains) == {"day"}
    assert {name: sets.val.domains.count(name) for name in ("day", "dusk")} == {
        "day": 60,
        "dusk": 62,
    }
    assert sets.train.images.shape[1:] == (360, 480, 3)
    assert len(np.unique(sets.train.labels)) == 12


def test_the_test_subsets_are_read_on_request(data_root):
    test = data.load_test("camvid", str(data_root))
    assert {name: test.domains.count(name) for name in ("day", "dusk")} == {"day": 171, "dusk": 62}
