from types import SimpleNamespace

from PIL import Image

from trainstudy.generation.diffusion.gen_cyclediffusion import METHOD
from trainstudy.generation.diffusion.run import generate


def test_a_batch_gives_what_its_images_give_one_by_one(ask):
    alone, batched = (
        {path.name: path.read_bytes() for path in generate(asked).parent.rglob("*.png")}
        for asked in (
            ask("gen_cyclediffusion", "alone", batch_size=1),
            ask("gen_cyclediffusion", "batched", batch_size=3),
        )
    )
    assert alone == batched


def test_the_source_prompt_is_that_of_the_original_s_domain():
    told = []

    def pipe(**call):
        told.append((call["source_prompt"], call["prompt"]))
        return SimpleNamespace(images=[call["image"]])

    METHOD.paint(
        pipe, [Image.new("RGB", (8, 8))] * 3, ["dusk", "fog", "dirt"], "night", [0] * 3, {}
    )
    sources, targets = zip(*told, strict=True)
    assert sources[:2] == (METHOD.prompts["dawn_dusk"], METHOD.prompts["foggy"])
    assert sources[2] == "a photo of a street, taken from a car"
    assert set(targets) == {METHOD.prompts["night"]}


def test_no_safety_checker_hands_out_black_images(weights):
    pipe = METHOD.load(str(weights("gen_cyclediffusion")), "float32")
    assert pipe.safety_checker is None
    assert type(pipe.scheduler).__name__ == "DDIMScheduler"
