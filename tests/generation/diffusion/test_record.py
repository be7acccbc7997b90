import json

import pytest

from trainstudy.generation.diffusion.record import RECORD, begin
from trainstudy.parameters import ParameterError


def test_every_start_is_kept_with_what_it_ran_on(ask, train):
    for batch_size in (1, 2):
        asked = ask("gen_flux_kontext", batch_size=batch_size)
        asked.folder.mkdir(exist_ok=True)
        begin(asked, train, "cpu")
    record = json.loads((asked.folder / RECORD).read_text())
    assert record["settings"]["arguments"]["num_inference_steps"] == 2
    assert record["settings"]["train"]["sha256"] == train.fingerprint
    assert [start["batch_size"] for start in record["starts"]] == [1, 2]
    for start in record["starts"]:
        assert start["versions"].keys() >= {"diffusers", "torch"}


def test_images_of_other_settings_are_not_mixed_in(ask, train):
    first, other = ask("gen_flux_kontext"), ask("gen_flux_kontext", seed=5, steps=7)
    (first.folder / "night").mkdir(parents=True)
    with pytest.raises(ParameterError, match=r"'out': .*other files"):
        begin(first, train, "cpu")
    (first.folder / "night").rmdir()
    begin(first, train, "cpu")
    begin(other, train, "cpu")  # nothing was made yet
    (first.folder / "night").mkdir()
    (first.folder / "night" / "tiny_0.png").touch()
    before = (first.folder / RECORD).read_bytes()
    with pytest.raises(ParameterError, match=r"'out': .*seed 5, asked is 0; arguments .*Another"):
        begin(first, train, "cpu")
    assert (first.folder / RECORD).read_bytes() == before
