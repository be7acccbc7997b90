import pytest

from trainstudy import data
from trainstudy.data import synthetic


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ("streets-old_town", "streets-old_town"),
        ("IDD-AW", "iddaw"),
        ("idd_aw", "iddaw"),
        ("BDD10k", "bdd10k"),
        ("MapillaryVistas", "mapillary_vistas"),
        ("bdd10k-study", "bdd10k-study"),
    ],
)
def test_a_data_set_is_known_by_its_name_and_its_aliases(given, known):
    assert data.known(given) == known


def test_an_unknown_data_set_and_a_missing_or_faulty_description_are_named(tmp_path):
    with pytest.raises(ValueError, match=r"accepted: camvid, .*bdd10k, .*or a description \(.yaml"):
        data.known("cityscape")
    with pytest.raises(ValueError, match=r"streets\.yaml: looked for"):
        data.known("streets.yaml")
    path = tmp_path / "x.yaml"
    path.write_text("extends: bdd10k\nsizes: [1, 2]\n")
    with pytest.raises(ValueError, match=r"x\.yaml: unknown key 'sizes' \(did you mean 'size'\?\)"):
        data.known(str(path))


def test_a_folder_is_no_description(tmp_path):
    (tmp_path / "x.yaml").mkdir()
    with pytest.raises(ValueError, match=r"x\.yaml: Is a directory"):
        data.known(str(tmp_path / "x.yaml"))


def test_a_check_needs_the_data_and_opens_no_image(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"'bdd10k': found no images/10k/{split}/{name}"):
        data.check("bdd10k", str(tmp_path))
    path = tmp_path / "bdd100k/images/10k/train/a.jpg"
    path.parent.mkdir(parents=True)
    path.touch()
    data.check("bdd10k", str(tmp_path))


def test_streets_can_be_looked_at_and_have_no_test_set(monkeypatch):
    monkeypatch.setattr(synthetic, "TRAIN_SCENES", 2)
    monkeypatch.setattr(synthetic, "VAL_SCENES", 1)
    found = data.dry_run("streets-new_town")
    assert found.images.query("split == 'train'")["domain"].tolist() == ["clear_day"]
    assert found.problems.empty
    with pytest.raises(data.NoTestSetError, match="dataset 'streets' has no test set"):
        data.load_test("streets")
