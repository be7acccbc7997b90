"""The minis built from downloads that are official in form and tiny in content."""

import hashlib
import importlib.util
import json
import shutil
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from trainstudy.multitask.data import load, segmentation
from trainstudy.paths import project_root
from trainstudy.tasks import TASKS


def read_tool():
    path = project_root() / "tools" / "build_mini.py"
    spec = importlib.util.spec_from_file_location("build_mini", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tool():
    module = read_tool()
    # as many images as the test needs, and small ones
    module.LONGEST, module.EACH = 32, {name: {"train": 2, "val": 1} for name in module.EACH}
    module.TEST = {"coco": 5, "voc": 4, "imagenette": 1}
    return module


@pytest.fixture(scope="module")
def downloads(tmp_path_factory, tool):
    """Folders of the three downloads, as arguments of the command line."""
    rng, root = np.random.default_rng(0), tmp_path_factory.mktemp("downloads")

    def photo(path, width, height):
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(0, 256, (4, 4, 3), dtype=np.uint8)
        Image.fromarray(pixels).resize((width, height)).save(path)

    voc, coco, nette = (root / name for name in ("VOCdevkit", "coco", "imagenette2-160"))
    lists = voc / "VOC2012" / "ImageSets" / "Segmentation"
    lists.mkdir(parents=True)
    for part, count in (("train", 66), ("val", 6)):
        names = [f"{part}_{index:03d}" for index in range(count)]
        (lists / f"{part}.txt").write_text("\n".join(names) + "\n")
        for index, name in enumerate(names):
            photo(voc / "VOC2012" / "JPEGImages" / f"{name}.jpg", 40, 30)
            mask = np.zeros((30, 40), np.uint8)
            mask[10:20] = 1 + index % 20
            mask[20:25] = 255
            image = Image.fromarray(mask)
            image.putpalette(segmentation.COLOURS.ravel().tolist())
            path = voc / "VOC2012" / "SegmentationClass" / f"{name}.png"
            path.parent.mkdir(exist_ok=True)
            image.save(path)

    images, annotations = [], []
    for index in range(40):
        name = f"{index:012d}.jpg"
        photo(coco / "val2017" / name, 48, 64)
        images.append({"id": index, "file_name": name, "width": 48, "height": 64})
        kinds = [1, tool.CATEGORIES[index % 10], 2]  # everyone shows a person, and a bicycle
        for kind in kinds:
            annotations.append(
                {"id": len(annotations) + 1, "image_id": index, "category_id": kind, "area": 400.0,
                 "bbox": [4, 6, 44, 58], "iscrowd": 0, "segmentation": [[1, 2]]}
            )  # fmt: skip
    annotations.append(annotations[0] | {"id": 9999, "bbox": [5, 5, 0, 3]})
    categories = [{"id": n, "name": str(n)} for n in (2, *tool.CATEGORIES)]
    (coco / "annotations").mkdir()
    (coco / "annotations" / "instances_val2017.json").write_text(
        json.dumps({"images": images, "annotations": annotations, "categories": categories})
    )
    for part, count in (("train", 4), ("val", 2)):
        for wnid in tool.WNIDS:
            for index in range(count):
                photo(nette / part / wnid / f"{wnid}_{part}_{index}.JPEG", 21, 16)
    return ["--voc", str(voc), "--coco", str(coco), "--imagenette", str(nette)]


@pytest.fixture(scope="module")
def built(tmp_path_factory, tool, downloads):
    out = tmp_path_factory.mktemp("built") / "mini"
    assert tool.main(["build", str(out), *downloads]) == 0
    return out


@pytest.fixture
def mini(tmp_path, built):
    return shutil.copytree(built, tmp_path / "mini")


@pytest.fixture
def refused(tmp_path, tool, capsys):
    """What a build says that fails; nothing of it is left."""

    def run(*arguments):
        before = sorted(tmp_path.iterdir())
        capsys.readouterr()
        assert tool.main(["build", str(tmp_path / "refused"), *map(str, arguments)]) == 1
        assert sorted(tmp_path.iterdir()) == before
        return capsys.readouterr().err

    return run


@pytest.fixture
def copied(tmp_path, downloads):
    """A copy, to be damaged, of the download of --voc, --coco or --imagenette."""
    return lambda name: shutil.copytree(
        downloads[downloads.index(name) + 1], tmp_path / name.strip("-")
    )


def halve(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def test_as_many_images_are_drawn_as_the_given_minis_have(data_root):
    tool, classes = read_tool(), {"voc": 20, "coco": 10, "imagenette": 10}
    folders = {"voc": "mini_voc_seg", "coco": "mini_coco_det", "imagenette": "imagenette_160"}
    for name, folder in folders.items():
        drawn = {split: classes[name] * count for split, count in tool.EACH[name].items()}
        drawn["test"] = tool.TEST[name] * (classes[name] if name == "imagenette" else 1)
        for split, count in drawn.items():
            below = data_root / "mini" / folder / split
            files = [p for p in below.rglob("*") if p.is_file() and p.parent.name != "masks"]
            assert (name, split, len(files)) == (name, split, count)


def test_what_is_built_is_read_as_the_minis_are(mini):
    seg, det, cls = (load(task, str(mini), 32) for task in TASKS)
    assert [(len(s.train), len(s.val), len(s.test())) for s in (seg, det, cls)] == [
        (40, 20, 4), (20, 10, 5), (20, 10, 10),
    ]  # fmt: skip
    assert seg.train.originals[0].shape == (24, 32)
    shown = Counter(kind for mask in seg.train.originals for kind in np.unique(mask).tolist())
    assert shown == {0: 40, 255: 40} | dict.fromkeys(range(1, 21), 2)
    # at half its size, a box is half as large
    assert (det.val.boxes[0, 0] == [2, 3, 24, 32]).all()
    assert set(np.unique(det.train.labels)) == set(range(10))
    manifest = json.loads((mini / "manifest.json").read_text())
    assert manifest["images"]["coco"]["boxes dropped"] == 1


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path, tool, mini, downloads):
    for seed, equal in (("0", True), ("1", False)):
        other = tmp_path / f"seed{seed}"
        assert tool.main(["build", str(other), "--seed", seed, *downloads[:2]]) == 0
        built = {k: v for k, v in tool.hashes(mini).items() if k.startswith("mini_voc_seg")}
        assert (tool.hashes(other) == built) == equal


def test_verifying_names_every_file_that_is_not_as_it_was(mini, tool, capsys):
    assert tool.main(["verify", str(mini)]) == 0
    said = json.loads((mini / "manifest.json").read_text())["files"]
    assert (
        said["imagenette_160/classes.txt"]
        == hashlib.sha256((mini / "imagenette_160" / "classes.txt").read_bytes()).hexdigest()
    )
    gone, flipped = sorted(said)[3], sorted(said)[8]
    (mini / gone).unlink()
    content = bytearray((mini / flipped).read_bytes())
    content[-1] ^= 1
    (mini / flipped).write_bytes(content)
    (mini / "new.txt").touch()
    capsys.readouterr()
    assert tool.main(["verify", str(mini)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{gone}: missing", "new.txt: not in the manifest", f"{flipped}: changed",
    ]  # fmt: skip


def test_what_cannot_be_built_is_said(tmp_path, tool, mini, downloads, capsys):
    def said(out, *arguments):
        assert tool.main(["build", str(tmp_path / out), *arguments]) == 1
        return capsys.readouterr().err

    capsys.readouterr()
    assert "mini: is not empty" in said("mini", *downloads)
    assert "name one download at least: --coco, --voc, --imagenette" in said("none")
    voc, coco = (shutil.copytree(downloads[place], tmp_path / str(place)) for place in (1, 3))
    (voc / "VOC2012" / "ImageSets" / "Segmentation" / "train.txt").write_text("train_000\n")
    assert "voc: class 2 has 0 images left, of 3" in said("few", "--voc", str(voc))
    shutil.rmtree(coco / "val2017")
    assert "val2017/0000" in said("gone", "--coco", str(coco))
    assert not (tmp_path / "gone" / "manifest.json").exists()


def test_a_failed_build_leaves_nothing_and_the_next_one_works(tmp_path, tool, refused, copied):
    coco = copied("--coco")
    photo = max((coco / "val2017").iterdir())
    away = photo.rename(tmp_path / "away.jpg")
    assert f"{photo}: no such image" in refused("--coco", coco)
    away.rename(photo)
    (tmp_path / "refused").mkdir()  # an empty folder does as well as none
    assert tool.main(["build", str(tmp_path / "refused"), "--coco", str(coco)]) == 0
    assert tool.main(["verify", str(tmp_path / "refused")]) == 0
    assert not list(tmp_path.glob(".*"))


def test_damaged_images_and_masks_are_named(refused, copied):
    voc, nette = copied("--voc"), copied("--imagenette")
    for path in (nette / "val").rglob("*.JPEG"):
        halve(path)
    said = refused("--imagenette", nette)
    assert f"{nette / 'val' / 'n0'}" in said
    assert ".JPEG: cannot be read: " in said
    masks, photos = (voc / "VOC2012" / name for name in ("SegmentationClass", "JPEGImages"))
    for path in masks.glob("val_*.png"):
        Image.open(path).convert("RGB").quantize(8).save(path)
    assert "its palette has" in refused("--voc", voc)
    for path in photos.glob("train_*.jpg"):
        halve(path)
    said = refused("--voc", voc)
    assert f"{photos / 'train_'}" in said
    assert ".jpg: cannot be read: " in said


def test_a_folder_that_is_no_download_is_named(tmp_path, refused, copied):
    for name in ("--voc", "--coco", "--imagenette"):
        assert str(tmp_path / "nope") in refused(name, tmp_path / "nope")
    nette = copied("--imagenette")
    shutil.rmtree(nette / "val" / "n03028079")
    assert f"{nette / 'val' / 'n03028079'}: no such folder" in refused("--imagenette", nette)


def test_json_of_another_form_is_named(tmp_path, tool, mini, refused, copied, capsys):
    coco = copied("--coco")
    path = coco / "annotations" / "instances_val2017.json"
    content = json.loads(path.read_text())

    def said(**changes):
        path.write_text(json.dumps(content | changes))
        return refused("--coco", coco)

    first, *rest = content["annotations"]
    path.write_text(json.dumps({"images": content["images"], "categories": []}))
    assert f"{path}: not COCO's instances: 'annotations' is missing" in refused("--coco", coco)
    assert f"{path}: annotation 1: bbox [4.0]" in said(annotations=[first | {"bbox": [4]}, *rest])
    assert "is of no image in it" in said(annotations=[first | {"image_id": 9999}, *rest])
    image = {"id": 1, "file_name": "a.jpg", "height": 3}
    assert f"{path}: images[0]: width is missing" in said(images=[image])
    (mini / "manifest.json").write_text("{}")
    assert tool.main(["verify", str(mini)]) == 1
    assert f"{mini / 'manifest.json'}: is no manifest: 'files' is" in capsys.readouterr().err


def test_annotations_may_lack_what_nothing_reads(tmp_path, tool, copied):
    coco = copied("--coco")
    path = coco / "annotations" / "instances_val2017.json"
    content = json.loads(path.read_text())
    for one in content["annotations"]:
        del one["segmentation"], one["area"]
    path.write_text(json.dumps(content))
    assert tool.main(["build", str(tmp_path / "out"), "--coco", str(coco)]) == 0
