import pytest

from trainstudy.multitask.remedies import Past, parse


def drawn(toy, text, seed, *tasks):
    """What is replayed where these tasks were trained before, on 20 images each."""
    (remedy,) = parse(text)
    known = tuple(toy.task_set(task, 20) for task in tasks)
    return remedy.replayed(Past(tasks, ({},) * len(tasks), known), seed)


@pytest.mark.parametrize("images", [5, 20, 50, "all"])
def test_so_many_different_images_of_every_earlier_task(images, toy):
    found = drawn(toy, f"replay:images={images}", 0, "seg", "det")
    assert found.keys() == {"seg", "det"}
    for chosen in found.values():
        assert len(set(chosen)) == len(chosen) == (20 if images == "all" else min(images, 20))
        assert set(chosen) <= set(range(20))
    assert found["seg"] != found["det"]  # each task has its own draw


def test_the_memory_is_kept_from_stage_to_stage_and_grows_without_changing(toy):
    few = drawn(toy, "replay:images=5", 3, "seg")["seg"]
    assert drawn(toy, "replay:images=5", 3, "cls", "seg")["seg"] == few
    assert drawn(toy, "replay:images=10", 3, "seg")["seg"][:5] == few
    assert drawn(toy, "replay:images=5", 4, "seg")["seg"] != few


def test_no_image_is_none(toy):
    assert drawn(toy, "replay:images=0", 0, "seg", "det") == {}
