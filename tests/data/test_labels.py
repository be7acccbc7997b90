import numpy as np
import pytest
from PIL import Image

from trainstudy.data.labels import LabelError, Labels

IDS = np.array([[0, 1, 2], [3, 3, 1]], dtype=np.uint8)
COLOURS = ["000000", "804080", "00008e", "4682b4"]
PALETTE = np.array([list(bytes.fromhex(colour)) for colour in COLOURS], dtype=np.uint8)


@pytest.fixture
def file(tmp_path):
    """A maker of label files."""

    def make(pixels: np.ndarray | Image.Image):
        whole = isinstance(pixels, Image.Image)
        image = pixels if whole else Image.fromarray(np.ascontiguousarray(pixels))
        image.save(tmp_path / "label.png")
        return tmp_path / "label.png"

    return make


def indexed() -> Image.Image:
    """The ids as a palette image whose colours are anything but them."""
    image = Image.fromarray(IDS)
    image.putpalette([200, 10, 10, 10, 200, 10, 10, 10, 200, 90, 90, 90])
    return image


def in_colours(order: list[int]) -> Image.Image:
    """The ids in their colours, as a palette image with these in an order of its own."""
    image = Image.fromarray(np.argsort(order).astype(np.uint8)[IDS])
    image.putpalette(PALETTE[order].tobytes())
    return image


@pytest.mark.parametrize(
    ("content", "palette"),
    [
        (IDS, None),
        (indexed(), None),
        (IDS, COLOURS),
        (PALETTE[IDS], COLOURS),
        (np.dstack([PALETTE[IDS], np.full_like(IDS, 255)]), COLOURS),  # RGBA
        (np.dstack([IDS] * 3), "grey"),
        (in_colours([0, 1, 2, 3]), COLOURS),
        (in_colours([2, 0, 3, 1]), COLOURS),
        (indexed(), "grey"),
    ],
    ids=[
        "ids",
        "palette file",
        "ids beside a palette",
        "RGB",
        "RGBA",
        "grey",
        "palette file in the order of the colours",
        "in another order",
        "palette file beside grey",
    ],
)
def test_ids_come_out_of_every_coding_that_is_stated(describe, file, content, palette):
    labels = Labels(describe(palette=palette))
    ids = labels.read(file(content))
    assert (np.asarray(ids) == IDS).all()
    assert labels.classes(ids).tolist() == [[255, 0, 1], [2, 2, 0]]


@pytest.mark.parametrize(
    ("content", "palette", "message"),
    [
        (PALETTE[IDS], None, "has three channels: it is RGB-coded and holds no ids"),
        (np.dstack([IDS] * 3), None, "three channels with the same ids: state palette: grey"),
        (PALETTE[IDS], "grey", "the colour 804080, which is not in the palette$"),
        (PALETTE[IDS][..., ::-1], COLOURS, "the colour 8e0000, .* in the order BGR"),
        (indexed(), COLOURS, "the colour c80a0a, which is not in the palette$"),
        (IDS.astype(np.uint16), None, "is of mode I;16; a label has one byte a pixel"),
        (IDS == 1, None, "is of mode 1; "),
        (IDS + 3, None, "holds ids outside the mapping: 4, 5, 6$"),
        (np.arange(60, dtype=np.uint8)[None], None, r"mapping: 4, 5, 6, 7, 8, 9, 10, 11\.\.\.$"),
    ],
)
def test_another_coding_is_refused_with_what_it_looks_like(
    describe, file, content, palette, message
):
    with pytest.raises(LabelError, match=message):
        Labels(describe(palette=palette)).read(file(content))


@pytest.mark.parametrize(
    ("stated", "held", "message"),
    [
        ("train", [7, 11, 26, 33], "raw Cityscapes ids: are they, then ids: cityscapes"),
        ("cityscapes", [0, 13, 255], "255 marks train ids: are they, then ids: train"),
        ("train", [7, 40], "outside the mapping: 40$"),
        ("cityscapes", [7, 40], "outside the mapping: 40$"),
    ],
)
def test_the_two_numberings_of_cityscapes_are_told_apart(describe, file, stated, held, message):
    labels = Labels(describe(classes="cityscapes", ids=stated))
    with pytest.raises(LabelError, match=message):
        labels.read(file(np.array([held], dtype=np.uint8)))
