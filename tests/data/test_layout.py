import random
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
    st.dictionaries(st.text("abc", min_size=1, max_size=4), st.sampled_from("xyz"), min_size=1),
    st.floats(0.01, 0.6),
    st.randoms(use_true_random=False),
)
def test_what_is_held_out_is_a_share_of_whole_groups_of_every_domain(domains, share, order):
    path = Path()
    items = [Item(f"{g}{n}", d, g, path, path) for g, d in domains.items() for n in range(2)]
    chosen = layout._chosen(items, share)
    shuffled = random.Random(order.random()).sample(items, len(items))
    assert layout._chosen(shuffled, share) == chosen
    for domain in set(domains.values()):
        groups = {group for group, place in domains.items() if place == domain}
        held = len(groups & chosen)
        assert held < len(groups)
        assert abs(held - share * len(groups)) <= 1
        assert held >= 1 or len(groups) == 1


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
