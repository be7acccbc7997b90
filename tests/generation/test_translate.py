import numpy as np
import pytest

from trainstudy.data import generated
from trainstudy.generation import domains as unpaired
from trainstudy.generation.parameters import TrainTSIT
from trainstudy.generation.run import prepare
from trainstudy.generation.translate import generate, train_translator


@pytest.fixture
def given(tmp_path, domains, monkeypatch):
    monkeypatch.setattr(unpaired, "load", lambda *_: domains)
    return {
        "width": 2, "depth": 1, "batch_size": 2, "crop": [32, 32], "device": "cpu",
        "until": 2, "runs_root": str(tmp_path / "runs"),
    }  # fmt: skip


def test_a_training_may_read_what_was_generated(given, domains, tmp_path):
    out = tmp_path / "out"
    manifest = train_translator(TrainTSIT.checked(**given, out=str(out)), quiet=True)
    assert manifest.parent == out
    made = generated.read(manifest, domains.source)
    assert made.report.problems == ()
    assert made.report.originals == len(made.images) == len(domains.source)
    assert set(made.images.domains) == {"night"}
    np.testing.assert_array_equal(made.images.labels, domains.source.labels)


def test_images_follow_from_the_run_and_lie_in_its_folder(given, tmp_path):
    parameters = TrainTSIT.checked(**given)
    first = train_translator(parameters, quiet=True)
    assert first.parent.parent == prepare(parameters).folder
    again = train_translator(
        TrainTSIT.checked(**given | {"runs_root": str(tmp_path / "again")}), quiet=True
    )
    pictures = [sorted(path.parent.rglob("*.png")) for path in (first, again)]
    assert pictures[0]
    for one, other in zip(*pictures, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_a_folder_without_a_checkpoint_is_refused(given, tmp_path):
    with pytest.raises(ValueError, match="empty: no checkpoint"):
        generate(prepare(TrainTSIT.checked(**given)), tmp_path / "empty")
