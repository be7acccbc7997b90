import shutil

import numpy as np
import pytest

from trainstudy.data import generated
from trainstudy.generation.diffusion.run import generate
from trainstudy.parameters import ParameterError

each = pytest.mark.parametrize("strategy", ["gen_cyclediffusion", "gen_flux_kontext"])


def files(manifest):
    return {path.name: path.read_bytes() for path in manifest.parent.rglob("*.png")}


@each
def test_a_training_reads_what_was_generated(strategy, ask, train):
    found = generated.read(generate(ask(strategy, target_domain="night,fog")), train)
    assert (found.report.used, found.report.originals, found.report.problems) == (8, 4, ())
    assert found.images.images.shape == (8, 24, 40, 3)
    assert found.images.domains == ("night",) * 4 + ("foggy",) * 4
    assert np.array_equal(found.images.labels, np.concatenate([train.labels] * 2))
    assert not np.array_equal(found.images.images[:4], found.images.images[4:])


@each
def test_images_follow_from_the_seed(strategy, ask):
    first, second, other = (
        files(generate(ask(strategy, out, seed=seed)))
        for out, seed in (("first", 3), ("second", 3), ("other", 4))
    )
    assert first == second
    assert all(first[name] != other[name] for name in first)


@each
@pytest.mark.parametrize("stop", [2, 4])
def test_interrupted_and_continued_is_uninterrupted(strategy, stop, ask, painted):
    asked = {"target_domain": "night,foggy", "batch_size": 2}
    whole = generate(ask(strategy, "whole", **asked))
    painted.clear()
    painted.stop = stop
    parts = ask(strategy, "parts", **asked)
    with pytest.raises(KeyboardInterrupt):
        generate(parts)
    assert not (parts.folder / "manifest.csv").exists()
    made = sorted(parts.folder.rglob("*.png"))
    assert len(made) == stop
    made[-1].write_bytes(
        made[-1].read_bytes()[:-40]
    )  # as a kill in the middle of a write leaves it
    painted.clear()
    painted.stop = None
    manifest = generate(parts)
    assert manifest.read_bytes() == whole.read_bytes()
    assert files(manifest) == files(whole)
    assert len(painted) == 8 - stop + 2  # the torn image's batch again


@each
def test_where_all_is_there_nothing_is_loaded_or_made(strategy, ask, painted, monkeypatch):
    generate(ask(strategy))
    before = len(painted)
    generate(ask(strategy, target_domain="night,snow"))
    assert painted[before:] == [(strategy, "snowy")] * 4
    monkeypatch.setattr("trainstudy.generation.diffusion.run._load", None)
    generate(ask(strategy))


def test_images_that_show_the_target_already_are_left_out(ask, train):
    manifest = generate(ask("gen_flux_kontext", target_domain="dusk"))
    found = generated.read(manifest, train)
    assert found.images.names == ("tiny_0_dawn_dusk", "tiny_2_dawn_dusk")


def test_no_image_to_bring_to_the_target_is_an_error(ask, train):
    object.__setattr__(train, "domains", ("Night",) * 4)
    with pytest.raises(ParameterError, match=r"'target_domain': all of tiny shows it already"):
        generate(ask("gen_flux_kontext"))


def test_other_weights_are_refused_before_a_single_image(ask, weights, tmp_path):
    pickled = tmp_path / "pickled"
    shutil.copytree(weights("gen_flux_kontext"), pickled)
    file = pickled / "vae" / "diffusion_pytorch_model.safetensors"
    file.rename(file.with_suffix(".bin"))
    for pipeline, message in [
        (weights("gen_cyclediffusion"), "holds a StableDiffusionPipeline, needed is a Flux"),
        (tmp_path / "gone", "gone"),
        (pickled, "safetensors"),
    ]:
        asked = ask("gen_flux_kontext", pipeline=str(pipeline), local_files_only=True)
        with pytest.raises(ParameterError, match=rf"'pipeline': (?s:.*){message}"):
            generate(asked)
        assert not list(asked.folder.rglob("*.png"))
    assert generate(ask("gen_flux_kontext")).is_file()  # a slip leaves nothing that is in the way
