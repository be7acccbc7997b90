import re
import subprocess
import sys

import pytest

from trainstudy.book import generate
from trainstudy.data import SegmentationData, generated
from trainstudy.generation.diffusion import METHODS
from trainstudy.generation.diffusion.parameters import GenerateImages


def test_without_a_pipeline_the_page_says_so_and_imports_no_library_of_diffusion():
    code = (
        "import sys; from trainstudy.book import generate as page; "
        "print(page.images(page.GenerateImages())); print(page.methods()); print(page.prompts()); "
        "print({'torch', 'diffusers', 'transformers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "nothing was generated" in done.stdout
    assert done.stdout.splitlines()[-1] == "set()"


def test_every_method_is_listed_with_what_makes_its_images():
    shown = generate.methods()._repr_html_().replace("<wbr>", "")
    assert all(name in shown for name in METHODS)
    assert "FluxKontextPipeline of diffusers" in shown
    assert "github.com/salesforce/UniControl" in shown


@pytest.fixture
def generation(tiny_set, tmp_path, monkeypatch):
    """One that makes the negatives of the images that are not at dusk."""
    train = tiny_set(9)
    monkeypatch.setattr("trainstudy.data.load", lambda *_: SegmentationData(train, train, (8, 8)))

    def make(parameters):
        made = [(k, "night", 255 - image) for k, image in enumerate(train.images) if k % 2 == 0]
        return generated.write(tmp_path / "out", train, made)

    monkeypatch.setattr("trainstudy.generation.diffusion.run.generate", make)


@pytest.mark.usefixtures("generation")
def test_originals_stand_beside_what_was_made_of_them():
    asked = GenerateImages.checked(pipeline="some/weights", out="unused")
    shown = generate.images(asked)
    assert "5 of 5 rows used" in repr(shown)
    titles = re.findall(r'alt="[^:]*: ([^"]*)"', shown._repr_html_())
    assert titles == ["original", "night"] * generate.SHOWN
