import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.data.generated.originals import HELD_OUT, SUFFIXES, Originals
from trainstudy.data.generated.report import UnsoundError

FOLDER = st.text("abcdef_-. ", min_size=1, max_size=6).filter(lambda text: text.strip(". "))


@pytest.fixture
def originals(tiny_set):
    def named(*names, dataset="camvid/train", left_out=()):
        train = tiny_set(len(names))
        return Originals(dataclasses.replace(train, names=names, name=dataset, left_out=left_out))

    return named


def reason(originals, path):
    with pytest.raises(UnsoundError) as fault:
        originals.find(path)
    return fault.value.reason


def test_a_path_of_any_system_folder_and_format_is_found_by_its_name(originals):
    known = originals("0016E5_08123", "0001TP_0.5", "clear_day/x")

    @given(st.lists(FOLDER, max_size=3), st.sampled_from(["/", "\\"]), st.booleans(),
           st.sampled_from([*SUFFIXES, ".PNG", ""]), st.sampled_from([0, 1, 2]))  # fmt: skip
    def found(folders, slash, absolute, suffix, index):
        name = ("0016E5_08123", "0001TP_0.5", "clear_day/x")[index]
        root = {"/": "/", "\\": "C:\\"}[slash] if absolute else ""
        path = root + slash.join([*folders, *name.split("/")]) + suffix
        assert known.find(path) == index

    found()


def test_the_whole_relative_path_decides_before_the_name_alone(originals):
    known = originals("day/0001", "dusk/0001", "dusk/0002")
    assert known.find("/data/images/dusk/0001.png") == 1
    assert known.find("/elsewhere/0002.png") == 2
    assert reason(known, "/elsewhere/0001.png") == "ambiguous original"
    assert reason(known, "/data/images/day/0003.png") == "unknown original"


def test_an_image_that_was_left_out_never_enters_under_a_training_image_s_name(originals):
    left_out = ("images/b/0001", "images/b/0003", "images/c/0003")
    known = originals("images/a/0001", "images/a/0002", left_out=left_out)
    assert reason(known, "/set/images/b/0001.png") == "held-out original"
    assert reason(known, "/elsewhere/0001.png") == "ambiguous original"
    assert known.find("/set/images/a/0001.png") == 0
    assert known.find("/elsewhere/0002.png") == 1
    # whichever it is, it was left out
    assert reason(known, "/elsewhere/0003.png") == "held-out original"


@pytest.mark.parametrize("split", sorted(HELD_OUT))
def test_an_image_of_a_held_out_split_never_enters_under_a_training_image_s_name(originals, split):
    for folder in (split, split.upper()):
        assert reason(originals("0001"), f"/set/{folder}/images/0001.png") == "held-out original"
    # the last split that a path names is the one, and a training set may itself lie in one
    assert originals("0001").find(f"/{split}/set/train/0001.png") == 0
    assert originals(f"{split}/0001").find(f"/set/{split}/0001.png") == 0


@pytest.mark.parametrize("above", ["/home/test", "/val/mine", "D:\\test\\val"])
def test_folders_above_a_training_image_s_own_say_nothing(originals, above):
    slash = "\\" if "\\" in above else "/"
    known = originals("images/day/0001", "0002")
    assert known.find(slash.join([above, "images", "day", "0001.png"])) == 0
    # another folder than the training image's, or only a file name to go by
    for path in (("images", "dusk", "0001.png"), ("day", "0001.png"), ("0002.png",)):
        assert reason(known, slash.join([above, *path])) == "held-out original"


@pytest.mark.parametrize(
    ("dataset", "name", "other"),
    [
        ("bdd10k/train", "BDD10k", False), ("bdd10k/train", "bdd10k_ad", False),
        ("bdd10k/train", "BDD100k", True), ("mapillary_vistas-study/a", "MapillaryVistas", False),
        ("iddaw/train", "IDD-AW", False), ("camvid/train", "", False),
        ("camvid/train", "unknown", False), ("camvid/train", "ACDC", True),
    ],
)  # fmt: skip
def test_a_data_set_s_names_are_told_from_another_one_s(originals, dataset, name, other):
    assert originals("0001", dataset=dataset).of_other(name) is other
