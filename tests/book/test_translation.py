import json
import re

import pytest

from trainstudy.book import translation
from trainstudy.book.images import gallery
from trainstudy.data import generated
from trainstudy.generation.domains import Domains


@pytest.fixture
def run(tmp_path):
    """A maker of run folders with the given parts of the loss."""

    def make(**losses: float):
        part = {"name": "camvid/train", "images": 245}
        roles = ("source", "target", "held_out_source", "held_out_target")
        record = {
            "data": dict.fromkeys(roles, part),
            "inputs": {"width": 8, "depth": 2, "batch_size": 4, "crop": [64, 96]},
            "iteration": 1000,
            "starts": [{"device": "cpu"}],
        }
        swd = {"untranslated": 900.0, "target": 60.0, "translated": 150.25}
        lines = [
            {"iteration": 1, "kind": "train", "loss": 9.5, "lr": 0.1},
            {"iteration": 1, "kind": "val", "swd": swd, "losses": losses},
        ]
        (tmp_path / "run.json").write_text(json.dumps(record))
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (tmp_path / "metrics.jsonl").write_text(text)
        return tmp_path

    return make


def test_the_summary_says_what_was_trained_on(run):
    text = repr(translation.summary(run(cycle=0.1)))
    assert "iteration 1,000 on cpu" in text
    assert "245 images of camvid/train" in text
    assert "4 crops of 64x96" in text


def test_the_cycle_s_error_is_in_grey_levels_and_only_where_there_is_a_cycle(run):
    shown = translation.distances(run(cycle=0.2, discriminator=1.0))._repr_html_()
    assert ">12.8<" in shown  # half of 0.2, of 127.5 levels a unit
    assert ">150.2<" in shown
    assert "grey levels" not in translation.distances(run(content=0.2))._repr_html_()


def test_every_part_of_the_loss_is_drawn(run):
    shown = translation.curves(run(cycle=0.2, identity=0.3))._repr_html_()
    for text in ("parts, held out", "cycle", "identity"):
        assert f">{text}<" in shown


def test_translations_stand_beside_their_own_originals(tiny_set, tmp_path):
    source, target = tiny_set(6, name="day"), tiny_set(3, name="dusk", seed=1)
    rows = ((k, "dusk", 255 - source.images[k]) for k in (5, 0, 3))
    made = generated.read(generated.write(tmp_path, source, rows), source)
    shown = translation.samples(Domains(source, target, source, target), made, "dusk", count=3)
    triples = [(source.images[k], 255 - source.images[k]) for k in (5, 0, 3)]
    expected = gallery([(*pair, other) for pair, other in zip(triples, target.images, strict=True)],
                       ["source", "translated", "target"], "any")  # fmt: skip
    assert sources(shown) == sources(expected)
    assert "3 rows used, for 3 of 6" in repr(translation.reading(made))
    assert str(tmp_path.parent) not in repr(translation.reading(made))


def sources(shown) -> list[str]:
    return re.findall(r'src="(data:[^"]+)"', shown._repr_html_())
