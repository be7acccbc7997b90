import pytest

from trainstudy.data.classes import CITYSCAPES, CITYSCAPES_IDS, palette
from trainstudy.data.description import SHIPPED, read
from trainstudy.parameters import ParameterError
from trainstudy.segmentation.models import load_openmm


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"images": "/x/{split}/{name}.png"}, "'images': is absolute; it starts below root"),
        ({"images": r"{split}\{name}.png"}, "'images': holds a back-slash"),
        ({"images": "{split}/**/{name}.png"}, r"'images': holds \*\*"),
        ({"labels": "/x/{split}/{name}.png"}, "'labels': is absolute"),
        ({"labels": r"{split}\{name}.png"}, "'labels': holds a back-slash"),
        ({"labels": "{split}/{name}.*"}, r"'labels': holds a \*; a label's path is made from"),
        ({"splits": {"train": "/train", "val": "val"}}, "'splits': is absolute"),
        ({"splits": {"train": "a", "val": "./a/"}}, "'splits': .* folder of its own"),
        (
            {"domains": {"c": "clear", "r": "rainy"}, "train_domains": ["clear", "rany"]},
            "'train_domains': 'rany' is none of the domains; accepted: clear, rainy",
        ),
        ({"domains": {"c": "clear"}, "train_domains": ["c"]}, "'c' is none of .*accepted: clear"),
        ({"train_domains": []}, "'train_domains': names no domain; without the key"),
        ({"classes": ["road", "car", "car"]}, "'classes': 'car' is given twice"),
        ({"classes": ["road"], "ids": {"road": 1}}, "'classes': needs two classes at least"),
        ({"classes": []}, "'classes': needs two classes at least"),
        ({"palette": [f"{n:06x}" for n in range(257)]}, "'palette': 257 colours; .* ids 0..255"),
        ({"palette": {"00ff00": 1}}, "'palette': accepted: grey, or a list of colours"),
        ({"palette": "gray"}, "'palette': accepted: grey, or a list of colours"),
        ({"palette": [804080]}, "'palette': 804080 is no colour; accepted: rrggbb in quotes"),
        ({"imges": "x"}, r"unknown parameter 'imges' \(did you mean 'images'\?\); accepted: name"),
        ({"images": "{split}/{nam}.png"}, "'images': unknown placeholder 'nam'; accepted: "),
        ({"images": "{split}/*.png"}, "'images': {name} is needed"),
        ({"labels": "{sequence}/{name}.png"}, "'labels': .* no placeholder that images lack"),
        ({"images": "{dataset}/{split}/{domain}/{name}.png"}, "'dataset': needed"),
        ({"splits": {"train": "a", "val": "a"}}, "'splits': .* folder of its own"),
        ({"splits": {"val": "a"}}, "'splits': train is needed"),
        ({"splits": {"train": "a", "valid": "b"}}, "'splits': .*'train', 'val' or 'test'"),
        ({"images": "{domain}/{name}.png"}, "'splits': images has no {split}"),
        ({"splits": {"train": "a", "test": "b"}}, "'hold_out': needed"),
        ({"hold_out": 0.1}, "'hold_out': .* not allowed"),
        ({"classes": "citiscapes"}, "'classes': Input should be a valid list"),
        ({"ids": {"road": 1, "cars": 2}}, r"'ids': 'cars' is none of the classes \(near: car\)"),
        ({"ids": {"road": 1, "car": [2, 1]}}, "'ids': id 1 is given twice"),
        ({"ids": {"road": 0}}, "'ids': id 0 is given twice"),  # it is ignored already
        ({"ids": {"road": 300}}, "'ids': road: 300 is no id"),
        ({"ids": "trainids"}, "'ids': accepted: train, cityscapes, or "),
        ({"ids": {"road": 1, "car": 2}}, "'absent': class 'sky' has no id"),
        ({"absent": ["ski"]}, r"'absent': 'ski' is none of the classes \(near: sky\)"),
        ({"palette": ["#00ff00"]}, "'palette': '#00ff00' is no colour; accepted: rrggbb"),
        ({"palette": ["00ff00", "00ff00"]}, "'palette': a colour is given twice"),
        ({"size": [512]}, "'size': List should have at least 2 items"),
        ({"crop": [0, 8]}, "'crop': Input should be greater than 0"),
        ({"name": "a/b"}, "'name': String should match"),
    ],
)
def test_a_wrong_key_is_named_with_what_is_accepted(describe, changes, message):
    with pytest.raises(ParameterError, match=message):
        describe(**changes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b: c", "mapping values are not allowed here"),
        ("- a", "expected keys and their values"),
        ("extends: bdd", "key 'extends': 'bdd' is neither a file nor one of bdd10k, "),
        ("extends: [a]", r"key 'extends': \['a'\] is neither a file nor"),
        ("extends: 1", "key 'extends': 1 is neither a file nor"),
        ("extends: bdd10k\nsize: [1, 2]\nsize: [8, 8]", "key 'size' is given twice"),
        ("extends: x.yaml", "the description extends itself"),
        ("extends: bdd10k\nclasses: [car]\nids: {car: 2}", "key 'classes': needs two classes"),
        ("extends: bdd10k\nsize: [1]\nroots: x", r"key 'size': .*\nunknown key 'roots' \(did you"),
    ],
)
def test_a_faulty_file_is_named(tmp_path, text, message):
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(ValueError, match=rf"(?s)x\.yaml: .*{message}"):
        read(path)


def test_all_256_ids_may_have_a_colour(describe):
    assert len(describe(palette=[f"{n:06x}" for n in range(256)]).palette) == 256


def test_an_extension_changes_what_it_names_and_nothing_else(tmp_path):
    (tmp_path / "near.yaml").write_text("extends: bdd10k\nsize: [8, 8]\n")
    (tmp_path / "far.yaml").write_text("extends: near.yaml\ncrop: [4, 4]\n")
    found, origin = read(tmp_path / "far.yaml"), read(SHIPPED["bdd10k"])
    assert found == origin.model_copy(update={"size": [8, 8], "crop": [4, 4]})


def test_words_stand_for_the_two_numberings_of_cityscapes(describe):
    train = describe(classes="cityscapes", ids="train").ids
    raw = describe(classes="cityscapes", ids="cityscapes", ignore=[]).ids
    assert train == {**{k: k for k in range(19)}, 255: 255}
    assert {raw[k]: CITYSCAPES[raw[k]] for k in CITYSCAPES_IDS.values()} == dict(
        enumerate(CITYSCAPES)
    )
    assert sorted(raw) == list(range(34))
    assert sum(position == 255 for position in raw.values()) == 34 - 19


# -- the shipped descriptions against mmsegmentation's own tables


@pytest.fixture(scope="module")
def mmseg_datasets():
    load_openmm()
    import mmseg.datasets

    return mmseg.datasets


def test_mapillary_ids_and_colours_are_those_of_mmsegmentation(mmseg_datasets):
    known = mmseg_datasets.MapillaryDataset_v1.METAINFO
    found = read(SHIPPED["mapillary_vistas-study"])
    assert sorted(found.ids) == list(range(66))
    merged = {
        "road": {"Road", "Lane Marking - General", "Manhole"},
        "sidewalk": {"Sidewalk", "Curb"},
    }
    merged["pole"] = {"Pole", "Utility Pole"}
    merged["rider"] = {"Bicyclist", "Motorcyclist", "Other Rider"}
    merged["traffic sign"], merged["train"] = {"Traffic Sign (Front)"}, {"On Rails"}
    for position, name in enumerate(CITYSCAPES):
        names = {known["classes"][raw] for raw, place in found.ids.items() if place == position}
        assert names == merged.get(name, {name.title()})
    colours = {raw: tuple(colour.to_bytes(3)) for colour, raw in found.palette.items()}
    assert colours == {raw: tuple(colour) for raw, colour in enumerate(known["palette"])}


def test_the_nineteen_classes_are_those_of_mmsegmentation(mmseg_datasets):
    known = mmseg_datasets.CityscapesDataset.METAINFO
    assert known["classes"] == CITYSCAPES
    assert palette(CITYSCAPES).tolist() == known["palette"]
