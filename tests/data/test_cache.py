import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from trainstudy import data
from trainstudy.data import cache as caches
from trainstudy.data import layout
from trainstudy.data.segmentation_set import SegmentationSet


def files(root, number):
    """The paths of an image and its label."""
    return [root / f"mine/{kind}train/day/{number}.png" for kind in ("", "ids/")]


@pytest.fixture
def load(describe, draw, tmp_path, monkeypatch):
    """Loads a drawn set of four images and tells how many were decoded for it."""
    for number in range(4):
        draw(*files(tmp_path, number), [1, 2, 3, 0])
    description = describe()
    decode, decoded = caches.decode, []
    monkeypatch.setattr(caches, "decode", lambda *given: decoded.append(0) or decode(*given))

    def load(**changes: object) -> tuple[SegmentationSet, caches.Scan, int]:
        wanted = description.model_copy(update=changes)
        items, _ = layout.find(wanted, tmp_path / "mine", "train")
        before = len(decoded)
        return *caches.load(wanted, "train", items), len(decoded) - before

    load.decoded = decoded
    return load


def folder(cache):
    (found,) = (path for path in cache.iterdir() if not path.name.startswith("."))
    return found


def test_a_set_is_decoded_once_and_mapped_afterwards(load):
    first, scan, decoded = load()
    again, counted, none = load()
    assert (decoded, none) == (4, 0)
    assert scan == counted
    assert scan.pixels == [4 * 12 * 6] * 4
    assert scan.sizes == {"48x24": 4}
    assert isinstance(again.images, np.memmap)
    assert (again.names, again.domains) == (first.names, ("day",) * 4)
    assert (again.images == first.images).all()


def test_two_that_start_together_decode_it_once(load):
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: load()[0].fingerprint, range(2))
    assert one == other
    assert len(load.decoded) == 4


def test_the_fingerprint_is_that_of_the_same_set_in_memory(load):
    mapped, _, _ = load()
    parts = (np.array(mapped.images), np.array(mapped.labels), mapped.names, mapped.domains)
    assert SegmentationSet("x", mapped.classes, *parts).fingerprint == mapped.fingerprint


def test_torch_takes_the_arrays_and_the_files_stay_as_they_are(load):
    mapped, _, _ = load()
    torch.from_numpy(mapped.labels).fill_(7)  # without a warning
    assert load()[0].labels.max() == 255


@pytest.mark.parametrize(
    "damage",
    [
        lambda place: os.truncate(place / "images.npy", 500),
        lambda place: (place / "labels.npy").unlink(),
        lambda place: (place / "index.json").unlink(),
        lambda place: (place / "index.json").write_text("{"),
        lambda place: flip(place / "labels.npy"),
        lambda place: edit(place / "index.json", fingerprint="0" * 64),
    ],
    ids=["cut off", "no labels", "no index", "half an index", "a bit", "another fingerprint"],
)
def test_a_damaged_cache_is_made_anew(load, cache, damage):
    whole = load()[0].fingerprint
    damage(folder(cache))
    found, _, decoded = load()
    assert (found.fingerprint, decoded) == (whole, 4)
    assert load()[2] == 0


def flip(path):
    with path.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        last = file.read(1)[0]
        file.seek(-1, os.SEEK_END)
        file.write(bytes([last ^ 1]))


def edit(path, **values):
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


KILLED = """
import os, signal, sys
from trainstudy import data
from trainstudy.data import cache

def kill(*given):
    calls.append(given)
    if len(calls) == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*given)

calls, real = [], getattr(cache, sys.argv[2])
setattr(cache, sys.argv[2], kill)
data.load(sys.argv[1])
"""


@pytest.mark.parametrize(
    ("moment", "call"), [("decode", 3), ("fingerprint", 1), ("write_json", 1), ("sync", 3)]
)
def test_what_a_killed_decoding_left_is_not_used_and_goes(tmp_path, draw, cache, moment, call):
    for split, number in [("train", 1), ("train", 2), ("train", 3), ("val", 4)]:
        draw(tmp_path / f"{split}/{number}.png", tmp_path / f"ids/{split}/{number}.png", [0, 1])
    (tmp_path / "mine.yaml").write_text(
        "{name: mine, root: ., images: '{split}/{name}.png', labels: 'ids/{split}/{name}.png',"
        " classes: [a, b], ids: train, size: [4, 8], crop: [4, 4]}"
    )
    given = [str(tmp_path / "mine.yaml"), moment, str(call)]
    killed = subprocess.run([sys.executable, "-c", KILLED, *given], capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    left = [path.name for path in cache.iterdir() if path.is_dir()]
    assert len(left) == 1
    sets = data.load(given[0])
    assert len(sets.train) == 3
    assert not list(cache.glob(".*.draft"))
    for folder in cache.glob("mine-*"):
        shutil.rmtree(folder)
    assert data.load(given[0]).train.fingerprint == sets.train.fingerprint


@pytest.mark.parametrize(
    "changes",
    [{"size": [6, 12]}, {"ids": {0: 255, 1: 1, 2: 0, 3: 2}}, {"classes": ["a", "b", "c"]}],
)
def test_another_description_is_another_cache(load, changes):
    before = load()[0]
    after, _, decoded = load(**changes)
    assert decoded == 4
    assert after.fingerprint != before.fingerprint
    assert load()[2] == 0


def test_keys_that_change_no_pixel_decode_nothing(load):
    load()
    assert load(crop=[4, 4], absent=["car"])[2] == 0


def test_a_changed_file_is_decoded_again(load, tmp_path, draw):
    before = load()[0].fingerprint
    draw(*files(tmp_path, 2), [3, 2, 1, 0])
    after, _, decoded = load()
    assert decoded == 4
    assert after.fingerprint != before


def test_a_set_with_problems_is_not_kept(load, cache, tmp_path, draw):
    draw(*files(tmp_path, 2), [9])
    found, scan, _ = load()
    assert found is None
    assert [problem.file.name for problem in scan.problems] == ["2.png"]
    assert [path.suffix for path in cache.iterdir()] == [".lock"]


def test_a_disk_without_room_is_named_before_any_work(load, cache, monkeypatch):
    usage = type("Usage", (), {"free": 100})
    monkeypatch.setattr(caches.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(OSError, match=r"0\.0 GB free; TRAINSTUDY_CACHE names another") as caught:
        load()
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, str(cache))


def test_a_disk_that_fills_up_is_named_and_nothing_stays(load, cache, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(caches, "_decode_into", full)
    with pytest.raises(OSError, match=r"No space left .*cache/\.mine-train-"):
        load()
    assert [path.suffix for path in cache.iterdir()] == [".lock"]
