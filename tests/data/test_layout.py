import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.data import layout
from trainstudy.data.layout import ALL, Item


@pytest.fixture
def touch(tmp_path):
    """A maker of empty files."""

    def make(*names: str) -> Path:
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return tmp_path

    return make


def test_the_label_follows_from_what_the_path_of_the_image_says(describe, touch):
    root = touch("train/FOG/rgb/7/a_b.png", "train/FOG/ids/7/a_b-7.tif")
    description = describe(
        images="{split}/{domain}/rgb/{sequence}/{name}.*",
        labels="{split}/{domain}/ids/{sequence}/{name}-{sequence}.tif",
        domains={"FOG": "foggy"},
    )
    (item,), problems = layout.find(description, root, "train")
    image, label = root / "train/FOG/rgb/7/a_b.png", root / "train/FOG/ids/7/a_b-7.tif"
    assert item == Item("train/FOG/rgb/7/a_b", "foggy", "7", image, label)
    assert problems == []


def test_a_placeholder_is_the_same_text_wherever_it_recurs(describe, touch):
    root = touch("train/x/x_1.png", "train/x/y_1.png", "train/x/x_1_ids.png")
    description = describe(
        images="{split}/{sequence}/{sequence}_{name}.png",
        labels="{split}/{sequence}/{sequence}_{name}_ids.png",
    )
    items, _ = layout.find(description, root, "train")
    assert [item.image.name for item in items] == ["x_1.png", "x_1_ids.png"]
    assert {item.domain for item in items} == {ALL}


def test_only_visible_images_count_and_their_order_is_that_of_their_paths(describe, touch):
    files = ("b.png", "a.JPG", "._a.png", "Thumbs.db", "a.txt")
    root = touch(*(f"train/day/{name}" for name in files))
    found, _ = layout.find(describe(images="{split}/{domain}/{name}.*"), root, "train")
    assert [item.image.name for item in found] == ["a.JPG", "b.png"]


@pytest.mark.parametrize("pattern", ["png", "PNG", "*"])
def test_a_suffix_counts_in_either_case_of_images_and_of_labels(describe, touch, pattern):
    files = ("a.png", "b.PNG", "c.Png")
    root = touch(*(f"train/day/{name}" for name in files))
    touch("ids/train/day/a.png", "ids/train/day/b.PNG", "ids/train/day/c.png")
    description = describe(images=f"{{split}}/{{domain}}/{{name}}.{pattern}")
    found, problems = layout.find(description, root, "train")
    assert ([item.image.name for item in found], problems) == ([*files], [])
    assert [item.name for item in found] == [f"train/day/{name}" for name in "abc"]
    assert found[1].label.name == "b.PNG"


@pytest.mark.parametrize(
    ("pattern", "lost", "accepted"),
    [
        ("{name}.png", "b.JPG", ".png"), ("{name}.png", "b.ppm", ".png"),
        ("{name}.*", "b.ppm", ".bmp, .jpeg, .jpg, "), ("{name}.*", "b.GIF", ".bmp, "),
    ],
)  # fmt: skip
def test_an_image_that_the_pattern_leaves_out_is_a_problem(
    describe, touch, pattern, lost, accepted
):
    root = touch("train/day/a.png", f"train/day/{lost}", *(f"ids/train/day/{n}.png" for n in "ab"))
    description = describe(images=f"{{split}}/{{domain}}/{pattern}")
    (item,), (problem,) = layout.find(description, root, "train")
    assert (item.image.name, problem.file) == ("a.png", root / f"train/day/{lost}")
    assert problem.what.startswith(f"has a label and is not read; accepted: {accepted}")
    unread = describe(images=f"{{split}}/{{domain}}/{pattern}", domains=["night"])
    assert [p.file for p in layout.find(unread, root, "train")[1]] == [root]  # it holds no image


def test_a_suffix_that_a_pattern_names_is_read_whatever_it_is(describe, touch):
    root = touch("train/day/a.ppm", "ids/train/day/a.png")
    description = describe(images="{split}/{domain}/{name}.ppm")
    (item,), problems = layout.find(description, root, "train")
    assert (item.image.name, problems) == ("a.ppm", [])
    assert layout.find_root(description, None, str(root)) == root


def test_labels_copies_and_what_has_no_label_are_no_lost_images(describe, touch):
    beside = ("a.jpg", "a.png", "b.png", "a_colour.png", "a.json", "Thumbs.db", "._c.jpg")
    root = touch(*(f"train/day/{name}" for name in beside), "train/day_depth/a.png")
    chosen = {"images": "{split}/{domain}/{name}.jpg", "labels": "{split}/{domain}/{name}.png"}
    (item,), problems = layout.find(describe(**chosen), root, "train")
    assert (item.image.name, problems) == ("a.jpg", [])
    touch("ids/train/day/a.png", "train/day/a.webp")
    chosen["labels"] = "ids/{split}/{domain}/{name}.png"
    assert layout.find(describe(**chosen), root, "train")[1] == []


def test_a_link_to_nothing_is_a_problem(describe, touch):
    root = touch("train/day/a.png", "ids/train/day/a.png", "ids/train/day/b.png")
    (root / "train/day/b.png").symlink_to("gone.png")
    items, (problem,) = layout.find(describe(), root, "train")
    assert problem == (root / "train/day/b.png", "is no file, or a link to none")
    assert [item.complete for item in items] == [True, False]


@pytest.mark.parametrize("folder", ["./train", "train//", "train/."])
def test_parts_that_name_no_folder_do_not_matter(describe, touch, folder):
    root = touch("train/day/a.png", "ids/train/day/a.png")
    description = describe(
        images="./{split}//{domain}/./{name}.png", labels=".//ids/{split}/{domain}/{name}.png",
        splits={"train": folder, "val": "val"},
    )  # fmt: skip
    (item,), problems = layout.find(description, root, "train")
    assert (item.name, problems) == ("train/day/a", [])
    description = describe(
        images="{split}/{domain}/{name}.png", splits={"train": "."}, hold_out=0.1
    )
    assert [item.domain for item in layout.find(description, root / "train", "train")[0]] == ["day"]


def test_problems_of_files_are_all_listed(describe, touch):
    root = touch("train/day/a.jpg", "train/day/a.png", "train/day/a.ids", "train/day/b.png")
    description = describe(images="{split}/{domain}/{name}.*", labels="{split}/{domain}/{name}.ids")
    found = [what for _, what in layout.find(description, root, "train")[1]]
    assert len(found) == 2
    assert found[0].startswith("has no label: there is no ")
    assert found[0].endswith("b.ids")
    assert found[1] == "is the label of 2 images"
    assert layout.find(description, root, "val")[1][0].what == "holds no image for val"


def test_domains_choose_and_rename_and_a_misspelt_one_is_found(describe, touch):
    root = touch(*(f"train/{domain}/{n}.png" for domain in ("sun", "fog", "wet") for n in "ab"))
    chosen = {"images": "{split}/{domain}/{name}.png", "labels": "{split}/{domain}/{name}.png"}
    kept, problems = layout.find(describe(**chosen, domains=["sun", "fog"]), root, "train")
    assert ({item.domain for item in kept}, problems) == ({"sun", "fog"}, [])
    _, ((_, what),) = layout.find(describe(**chosen, domains=["sun", "fogy"]), root, "train")
    assert what == "has no domain 'fogy', but has 'fog', which is not read"
    kept, problems = layout.find(describe(**chosen, domains=["sun", "snow"]), root, "train")
    assert (len(kept), problems) == (2, [])
    shown, problems = layout.find(
        describe(**chosen, domains=["sun", "fog", "wet", "snow"]), root, "train"
    )
    assert (len(shown), problems) == (6, [])


def test_a_domain_s_folder_may_have_another_name_of_it(describe, touch):
    root = touch(*(f"{kind}train/{domain}/a.png" for kind in ("", "ids/") for domain in
                   ("clear_day", "overcast", "dusk", "mist")))  # fmt: skip
    names = ["clear_day", "cloudy", "dawn_dusk", "foggy", "snowy"]
    items, problems = layout.find(describe(domains=names), root, "train")
    assert ([item.domain for item in items], problems) == (
        ["clear_day", "dawn_dusk", "foggy", "cloudy"], []
    )  # fmt: skip
    assert items[2].label == root / "ids/train/mist/a.png"


def test_a_domain_to_be_trained_on_that_no_image_has_is_a_problem(describe, touch):
    root = touch(*(f"{k}{s}/sun/a.png" for k in ("", "ids/") for s in ("train", "val")))
    description = describe(train_domains=["sun", "rany"])
    items, (problem,) = layout.find(description, root, "train")
    assert len(items) == 1
    assert problem == (root, "train_domains: has no image of 'rany', only of sun")
    assert layout.find(description, root, "val")[1] == []


def test_training_on_some_domains_leaves_all_to_validation(describe, touch):
    root = touch(*(f"train/{domain}/{n}.png" for domain in ("sun", "fog") for n in range(10)))
    description = describe(
        images="{split}/{domain}/{name}.png", labels="{split}/{domain}/{name}.png",
        splits={"train": "train"}, hold_out=0.2, train_domains=["sun"],
    )  # fmt: skip
    train, val = (layout.find(description, root, split)[0] for split in ("train", "val"))
    assert [item.domain for item in train] == ["sun"] * 8
    assert sorted(item.domain for item in val) == ["fog"] * 2 + ["sun"] * 2


@given(
    st.sets(st.tuples(st.sampled_from("xyz"), st.text("abc", min_size=1, max_size=4)), min_size=1),
    st.floats(0.01, 0.6),
    st.randoms(use_true_random=False),
)
def test_what_is_held_out_is_a_share_of_whole_drives_of_every_domain(drives, share, order):
    path = Path()
    items = [Item(f"{d}{g}{n}", d, g, path, path) for d, g in sorted(drives) for n in range(2)]
    chosen = layout._chosen(items, share)
    shuffled = random.Random(order.random()).sample(items, len(items))
    assert layout._chosen(shuffled, share) == chosen
    for domain in "xyz":
        there = {drive for drive in drives if drive[0] == domain}
        held = len(there & chosen)
        assert held < len(there) or not there
        assert abs(held - share * len(there)) <= 1
        assert held >= 1 or len(there) <= 1


def test_sequences_that_domains_number_alike_are_drives_of_their_own(describe, touch):
    numbers = {"FOG": range(8, 10), "RAIN": range(1, 13), "SNOW": [9]}
    drives = [f"{domain}/{number}" for domain, count in numbers.items() for number in count]
    root = touch(*(f"{kind}train/{drive}/a.png" for kind in ("", "ids/") for drive in drives))
    description = describe(
        images="{split}/{domain}/{sequence}/{name}.png",
        labels="ids/{split}/{domain}/{sequence}/{name}.png",
        splits={"train": "train"}, hold_out=0.1,
    )  # fmt: skip
    train, val = (layout.find(description, root, split)[0] for split in ("train", "val"))
    assert [(item.domain, item.group) for item in val] == [("FOG", "9"), ("RAIN", "9")]
    assert Counter(item.domain for item in train) == {"FOG": 1, "RAIN": 11, "SNOW": 1}


def test_the_images_left_out_of_training_are_those_of_its_folder(describe, touch):
    names = [f"train/{domain}/{n}" for domain in ("fog", "sun", "wet") for n in "abc"]
    root = touch(*(f"{kind}{name}.png" for kind in ("", "ids/") for name in names))
    touch("val/sun/a.png", "ids/val/sun/a.png", "train/sun_depth/a.png", "train/sun/d.png")

    def left_out(**changes):
        description = describe(**changes)
        items, _ = layout.find(description, root, "train")
        trained = {item.name for item in items}
        return layout.left_out(description, root, items), trained

    assert left_out(domains=["sun", "fog"], train_domains=["sun"])[0] == names[:3] + names[6:]
    found, trained = left_out(splits={"train": "train"}, hold_out=0.3)
    assert (len(found), trained.isdisjoint(found)) == (3, True)
    assert {*found} | trained == {*names, "train/sun/d", "train/sun_depth/a"}


@pytest.mark.parametrize("spelling", ["IDD-AW", "iddaw", "idd_aw"])
def test_the_folder_of_a_data_set_may_be_spelled_as_its_aliases(describe, touch, spelling):
    root = touch(f"train/img/{spelling}/sun/a.png", "train/ids/IDD-AW/sun/a.png")
    touch("train/img/BDD10k/sun/b.png")
    description = describe(
        images="{split}/img/{dataset}/{domain}/{name}.png",
        labels="{split}/ids/{dataset}/{domain}/{name}.png",
        dataset="IDD-AW",
    )
    (item,), problems = layout.find(description, root, "train")
    assert (item.image.parts[-3], problems) == (spelling, [])
    touch("train/img/iddaw_ad/sun/a.png")
    with pytest.raises(ValueError, match="are names of one data set: state which"):
        layout.find(description, root, "train")


def test_the_root_is_below_the_data_root_or_beside_the_file(describe, touch, monkeypatch):
    root = touch("mine/train/day/a.png", "other/mine/train/day/a.png")
    find = layout.find_root
    assert find(describe(), root, None) == root / "mine"
    assert find(describe(), root, str(root / "other")) == root / "other" / "mine"
    assert find(describe(), None, str(root / "mine")) == root / "mine"
    # whatever lies in a data root itself, a folder of the root's name is the data set's own
    touch("stray/train/day/a.png")
    assert find(describe(), root, str(root / "stray")) == root / "mine"
    assert find(describe(root=str(root / "mine")), None, "/nowhere") == root / "mine"
    monkeypatch.setenv(layout.DATA_ROOT, str(root))
    assert find(describe(), None, None) == root / "mine"


@pytest.mark.parametrize(
    ("given_root", "named"),
    [(None, "set data_root or .*DATA_ROOT"), ("/nowhere", "/nowhere/mine, /")],
)
def test_a_missing_root_is_named_with_the_pattern(describe, given_root, named):
    with pytest.raises(FileNotFoundError, match=rf"'mine': found no {{split}}.*{named}"):
        layout.find_root(describe(), None, given_root)
