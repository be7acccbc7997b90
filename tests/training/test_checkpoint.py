import errno
import json

import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import save_file

from trainstudy.training import checkpoint

TENSORS = {
    "model": {"w": torch.arange(6.0).reshape(2, 3)},
    "optimizer": {"w/step": torch.tensor(3)},
}


def test_what_is_saved_is_loaded(tmp_path):
    sums = checkpoint.save(tmp_path, 7, TENSORS, {"metrics_bytes": 12})
    found = checkpoint.load(tmp_path / "iter_7")
    assert (found.iteration, found.state, found.sums) == (7, {"metrics_bytes": 12}, sums)
    assert torch.equal(found.tensors["model"]["w"], TENSORS["model"]["w"])
    assert found.tensors["optimizer"]["w/step"] == 3


@pytest.mark.parametrize(
    "damage", ["flip", "truncate", "remove", "index", "index flip", "no index", "pickle"]
)
def test_damage_is_detected_and_the_previous_one_used(tmp_path, damage):
    checkpoint.save(tmp_path, 1, TENSORS, {})
    checkpoint.save(tmp_path, 2, TENSORS, {})
    model, index = (tmp_path / "iter_2" / name for name in ("model.safetensors", checkpoint.INDEX))
    if damage == "flip":
        model.write_bytes(model.read_bytes()[:-1] + b"\x01")
    elif damage == "truncate":
        model.write_bytes(model.read_bytes()[:20])
    elif damage == "remove":
        model.unlink()
    elif damage == "index":
        index.write_text(index.read_text()[:30])
    elif damage == "index flip":
        index.write_text(index.read_text().replace('"iteration": 2', '"iteration": 3'))
    elif damage == "no index":
        index.unlink()
    else:
        torch.save({"w": 1}, model)
    with pytest.warns(UserWarning, match="damaged checkpoint passed over: .*iter_2"):
        found = list(checkpoint.newest_first(tmp_path))
    assert [one.iteration for one in found] == [1]


def test_a_failed_write_leaves_nothing_and_loses_nothing(tmp_path, monkeypatch):
    checkpoint.save(tmp_path, 1, TENSORS, {})

    def disk_full(values, path):
        save_file(values, path)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(checkpoint, "save_file", disk_full)
    with pytest.raises(OSError, match="No space left"):
        checkpoint.save(tmp_path, 2, TENSORS, {})
    assert [path.name for path in tmp_path.iterdir()] == ["iter_1"]


def test_a_failed_write_names_its_file(tmp_path, monkeypatch):
    def disk_full(values, path):
        raise SafetensorError("Error while serializing: No space left on device (os error 28)")

    monkeypatch.setattr(checkpoint, "save_file", disk_full)
    with pytest.raises(OSError, match=r"/model.safetensors: .*No space left"):
        checkpoint.save(tmp_path, 2, TENSORS, {})


def test_the_draft_of_a_killed_writer_is_not_in_the_way(tmp_path):
    (tmp_path / ".draft_2").mkdir()
    (tmp_path / ".draft_2" / "model.safetensors").write_text("half")
    checkpoint.save(tmp_path, 2, TENSORS, {})
    assert [path.name for path in tmp_path.iterdir()] == ["iter_2"]


def test_sums_cover_every_file(tmp_path):
    checkpoint.save(tmp_path, 3, TENSORS, {})
    index = json.loads((tmp_path / "iter_3" / checkpoint.INDEX).read_text())
    files = {path.name for path in (tmp_path / "iter_3").iterdir()}
    assert set(index["sha256"]) == files - {checkpoint.INDEX}


@pytest.mark.parametrize(
    ("iteration", "left"), [(20, ["iter_2", "iter_20"]), (10, ["iter_10", "iter_2"])]
)
def test_prune_removes_what_is_old_what_lies_beyond_the_run_and_drafts(tmp_path, iteration, left):
    for saved in (1, 2, 10, 20):
        checkpoint.save(tmp_path, saved, TENSORS, {})
    (tmp_path / ".draft_5").mkdir()
    checkpoint.prune(tmp_path, iteration, keep=1, spare=frozenset({2, 20}))
    assert sorted(path.name for path in tmp_path.iterdir()) == left
