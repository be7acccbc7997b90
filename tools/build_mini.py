"""Build the three minis of the multi-task study from the official downloads, or verify them.

    python tools/build_mini.py build OUT --coco DIR --voc DIR --imagenette DIR
    python tools/build_mini.py verify OUT

DIR: the folders that hold ``annotations/`` and ``val2017/``; ``VOC2012/``; ``train/`` and ``val/``
of imagenette2-160. Which images are drawn is a function of the seed and of the official lists;
their bytes also depend on Pillow, whose version the manifest names. A build that fails leaves
nothing behind.
"""

import argparse
import hashlib
import itertools
import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import PIL
from PIL import Image

from trainstudy import files
from trainstudy.data.decoding import UNREADABLE
from trainstudy.multitask.data import classification, detection, segmentation
from trainstudy.training.randomness import generator

LONGEST = 320  # pixels; smaller images stay as they are
MANIFEST = "manifest.json"
CATEGORIES = (1, 14, 39, 42, 52, 65, 67, 73, 74, 88)
WNIDS = {
    "n01440764": "tench", "n02102040": "English springer", "n02979186": "cassette player",
    "n03000684": "chain saw", "n03028079": "church", "n03394916": "French horn",
    "n03417042": "garbage truck", "n03425413": "gas pump", "n03445777": "golf ball",
    "n03888257": "parachute",
}  # fmt: skip
EACH = {  # images a class; VOC has twice the classes, and so as many images
    "coco": {"train": 24, "val": 6},
    "voc": {"train": 12, "val": 3},
    "imagenette": {"train": 24, "val": 6},
}
TEST = {"coco": 213, "voc": 138, "imagenette": 25}  # of imagenette a class


def build(out: Path, sources: Mapping[str, Path], seed: int) -> None:
    """Write the minis and their manifest into a draft beside ``out``, which becomes it at the end.

    Raises ValueError where ``out`` holds anything, or naming what is wrong with a download.
    """
    out = out.resolve()  # of a link the folder that it leads to
    if out.exists() and any(out.iterdir()):
        raise ValueError(f"{out}: is not empty; a mini is built in one go into a folder of its own")
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    draft.mkdir(parents=True)
    try:
        counts = {name: BUILDERS[name](source, draft, seed) for name, source in sources.items()}
        files.write_json(
            draft / MANIFEST,
            {"seed": seed, "pillow": PIL.__version__, "images": counts, "files": hashes(draft)},
        )
        draft.replace(out)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def hashes(out: Path) -> dict[str, str]:
    """SHA-256 of every file but the manifest, by its path."""
    paths = sorted(path for path in out.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }


def verify(out: Path, manifest: Path | None = None) -> list[str]:
    """What differs from the manifest, one line a file; nothing where all is as it was built.

    Raises ValueError naming the manifest where it is none.
    """
    manifest = manifest or out / MANIFEST
    said = files.read_json(manifest).get("files")
    if not isinstance(said, dict):
        raise ValueError(f"{manifest}: is no manifest: 'files' is missing, or no object")
    found = hashes(out)
    lines = [f"{path}: missing" for path in sorted(said.keys() - found.keys())]
    lines += [f"{path}: not in the manifest" for path in sorted(found.keys() - said.keys())]
    changed = [path for path in sorted(said.keys() & found.keys()) if said[path] != found[path]]
    return lines + [f"{path}: changed" for path in changed]


def coco(source: Path, out: Path, seed: int) -> dict[str, int]:
    """Three disjoint draws from val2017: by category for train and val, at large for test."""
    official = source / "annotations" / "instances_val2017.json"
    content = files.read_json(official)
    listed = {part: detection.entries(content, part, official) for part in detection.FIELDS}
    images = {image["id"]: image for image in listed["images"]}
    of_image: dict[int, list[dict]] = {}
    dropped = 0
    for annotation in listed["annotations"]:
        if annotation["category_id"] not in CATEGORIES:
            continue
        where = f"{official}: annotation {annotation.get('id')}"
        if annotation["image_id"] not in images:
            raise ValueError(f"{where} is of no image in it")
        if detection.read_box(annotation, where)[2:].min() > 0:
            of_image.setdefault(annotation["image_id"], []).append(annotation)
        else:
            dropped += 1  # official files hold a few boxes of no size
    kinds = {image: {a["category_id"] for a in found} for image, found in of_image.items()}
    drawn = draw(kinds, CATEGORIES, seed, "coco", EACH["coco"])
    drawn["test"] = rest(kinds.keys() - set().union(*drawn.values()), TEST["coco"], seed, "coco")
    for split, chosen in drawn.items():
        records, annotations = [], []
        for number in chosen:
            name = Path(images[number]["file_name"])
            target = out / detection.FOLDER / split / f"{name.stem}.webp"
            record, photo = images[number], source / "val2017" / name
            (width, height), was = shrink(photo, target)
            if was != (record["width"], record["height"]):
                raise ValueError(f"{photo}: is not of the size that its JSON says")
            records.append(record | {"file_name": target.name, "width": width, "height": height})
            across, down = width / was[0], height / was[1]
            annotations += [scaled(annotation, across, down) for annotation in of_image[number]]
        categories = [c for c in listed["categories"] if c["id"] in CATEGORIES]
        path = out / detection.FOLDER / "annotations" / f"instances_{split}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        parts = {"images": records, "annotations": annotations, "categories": categories}
        path.write_text(json.dumps({"info": content.get("info", {})} | parts))
    return {split: len(chosen) for split, chosen in drawn.items()} | {"boxes dropped": dropped}


def scaled(annotation: Mapping, across: float, down: float) -> dict:
    """A box of an image whose sides were scaled; without the outline, which nothing reads."""
    kept = {name: value for name, value in annotation.items() if name != "segmentation"}
    x, y, wide, high = kept["bbox"]
    kept["bbox"] = [x * across, y * down, wide * across, high * down]
    if "area" in kept:
        kept["area"] *= across * down
    return kept


def voc(source: Path, out: Path, seed: int) -> dict[str, int]:
    """Train and val from the official train list, by class; test from the official val list."""
    above = source / "VOC2012"
    lists = above / "ImageSets" / "Segmentation"
    names = {part: (lists / f"{part}.txt").read_text().split() for part in ("train", "val")}
    masks = above / "SegmentationClass"
    kinds = {
        name: set(segmentation.read_mask(masks / f"{name}.png").ravel().tolist())
        for name in names["train"]
    }
    drawn = draw(kinds, range(1, len(segmentation.CLASSES)), seed, "voc", EACH["voc"])
    drawn["test"] = rest(names["val"], TEST["voc"], seed, "voc")
    for split, chosen in drawn.items():
        for name in chosen:
            folder = out / segmentation.FOLDER / split
            shrink(above / "JPEGImages" / f"{name}.jpg", folder / "images" / f"{name}.webp")
            segmentation.read_mask(masks / f"{name}.png")  # those of test are not read above
            shrink(masks / f"{name}.png", folder / "masks" / f"{name}.png")
    return {split: len(chosen) for split, chosen in drawn.items()}


def imagenette(source: Path, out: Path, seed: int) -> dict[str, int]:
    """Train and val from the official train folder, test from val; files as they are."""
    paths: dict[str, dict] = {"train": {}, "val": {}}
    for part, wnid in itertools.product(paths, WNIDS):
        if not (folder := source / part / wnid).is_dir():
            raise ValueError(f"{folder}: no such folder of a class")
        paths[part] |= {path: {wnid} for path in sorted(folder.glob("*.JPEG"))}
    drawn = draw(paths["train"], WNIDS, seed, "imagenette", EACH["imagenette"])
    test = {"test": TEST["imagenette"]}
    drawn |= draw(paths["val"], WNIDS, seed, "imagenette test", test)
    above = out / classification.FOLDER
    for split, chosen in drawn.items():
        for path in chosen:
            decoded(path)  # a damaged file would be copied like any other
            (above / split / path.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, above / split / path.parent.name / path.name)
    (above / "classes.txt").write_text("".join(f"{k} {v}\n" for k, v in WNIDS.items()))
    return {split: len(chosen) for split, chosen in drawn.items()}


BUILDERS: dict[str, Callable[[Path, Path, int], dict[str, int]]] = {
    "coco": coco, "voc": voc, "imagenette": imagenette,
}  # fmt: skip


def draw(kinds: Mapping, classes: Iterable, seed: int, purpose: str, each: Mapping) -> dict:
    """``{split: names}``: of every class as many images as ``each`` says, no image twice.

    ``kinds`` gives the classes in every image. The rarest class draws first, so that a common one,
    which has others to take, leaves it its images. Raises ValueError where there are too few.
    """
    common = Counter(kind for found in kinds.values() for kind in found)
    taken: set = set()
    drawn: dict[str, list] = {split: [] for split in each}
    ranked = sorted(classes, key=lambda kind: (common[kind], kind))
    for turn, kind in enumerate(ranked):
        free = sorted(name for name, found in kinds.items() if kind in found and name not in taken)
        if len(free) < (needed := sum(each.values())):
            raise ValueError(f"{purpose}: class {kind} has {len(free)} images left, of {needed}")
        order = iter(generator(seed, purpose, turn).permutation(len(free)))
        for split, count in each.items():
            chosen = [free[next(order)] for _ in range(count)]
            drawn[split] += chosen
            taken.update(chosen)
    return {split: sorted(names) for split, names in drawn.items()}


def rest(names: Iterable, count: int, seed: int, purpose: str) -> list:
    """``count`` of the names, each as likely as any other: classes stay as frequent as they are."""
    free = sorted(names)
    if len(free) < count:
        raise ValueError(f"{purpose}: {len(free)} images left for test, of {count}")
    order = generator(seed, f"{purpose} rest").permutation(len(free))
    return sorted(free[place] for place in order[:count])


def shrink(source: Path, target: Path) -> tuple[tuple[int, int], tuple[int, int]]:
    """Write an image, or a palette mask, with its longest side cut to ``LONGEST``; its width and
    height now and before."""
    target.parent.mkdir(parents=True, exist_ok=True)
    image = decoded(source)
    factor = min(1.0, LONGEST / max(image.size))
    size = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    if target.suffix == ".png":  # a mask: no id may arise that was not there
        image.resize(size, Image.Resampling.NEAREST).save(target, optimize=True)
    else:
        small = image.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        small.save(target, quality=90)
    return size, image.size


def decoded(path: Path) -> Image.Image:
    """An image with all its pixels. Raises ValueError naming the file."""
    try:
        with Image.open(path) as image:
            image.load()  # opening reads the head alone
            return image
    except FileNotFoundError:
        raise ValueError(f"{path}: no such image") from None
    except UNREADABLE as error:
        raise ValueError(f"{path}: cannot be read: {error}") from error


def main(arguments: list[str] | None = None) -> int:
    """The command line; 1 where a mini is not as its manifest says."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    building, verifying = commands.add_parser("build"), commands.add_parser("verify")
    for command in (building, verifying):
        command.add_argument("out", type=Path)
    for name in BUILDERS:
        building.add_argument(f"--{name}", type=Path, help="folder of the official download")
    building.add_argument("--seed", type=int, default=0)
    verifying.add_argument("--manifest", type=Path, help=f"default: {MANIFEST} in the folder")
    given = parser.parse_args(arguments)
    try:
        if given.command == "build":
            sources = {name: path for name in BUILDERS if (path := getattr(given, name))}
            if not sources:
                raise ValueError(f"name one download at least: --{', --'.join(BUILDERS)}")
            build(given.out, sources, given.seed)
            return 0
        differences = verify(given.out, given.manifest)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(differences) or "as in the manifest")
    return bool(differences)


if __name__ == "__main__":
    sys.exit(main())
