"""Tiny pipelines of the real classes, randomly initialised and laid out as published weights are,
and a data set of four images to run them on."""

import json
from pathlib import Path

import pytest
import torch

from trainstudy.data import SegmentationData
from trainstudy.generation.diffusion import METHODS
from trainstudy.generation.diffusion.parameters import GenerateImages

torch.set_num_threads(1)
ASKED = {"steps": 2, "pixels": 32 * 48, "precision": "float32", "device": "cpu"}


def clip():
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

    letters = sorted(ByteLevel.alphabet())
    words = ["<|startoftext|>", "<|endoftext|>", *letters, *(letter + "</w>" for letter in letters)]
    vocabulary = {word: number for number, word in enumerate(words)}
    config = CLIPTextConfig(
        vocab_size=len(words), hidden_size=32, intermediate_size=37, num_hidden_layers=1,
        num_attention_heads=4, projection_dim=32, bos_token_id=0, eos_token_id=1, pad_token_id=1,
    )  # fmt: skip
    tokenizer = CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=77)
    return {"text_encoder": CLIPTextModel(config), "tokenizer": tokenizer}


def stable_diffusion(folder: Path) -> None:
    """As CompVis/stable-diffusion-v1-4: another scheduler, and a safety checker, are listed."""
    import diffusers

    vae = diffusers.AutoencoderKL(
        block_out_channels=(8, 8), norm_num_groups=4, latent_channels=4,
        down_block_types=("DownEncoderBlock2D",) * 2, up_block_types=("UpDecoderBlock2D",) * 2,
    )  # fmt: skip
    unet = diffusers.UNet2DConditionModel(
        block_out_channels=(8, 16), norm_num_groups=4, layers_per_block=1, sample_size=32,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=32, attention_head_dim=4,
    )  # fmt: skip
    scheduler = diffusers.PNDMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1,
        skip_prk_steps=True, set_alpha_to_one=False,
    )  # fmt: skip
    diffusers.StableDiffusionPipeline(
        **clip(), vae=vae, unet=unet, scheduler=scheduler,
        safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    ).save_pretrained(folder)  # fmt: skip
    index = json.loads((folder / "model_index.json").read_text())
    index["safety_checker"] = ["stable_diffusion", "StableDiffusionSafetyChecker"]
    index["feature_extractor"] = ["transformers", "CLIPFeatureExtractor"]
    (folder / "model_index.json").write_text(json.dumps(index))


def flux_kontext(folder: Path) -> None:
    import diffusers
    from transformers import T5Config, T5EncoderModel, T5TokenizerFast

    words = ["<pad>", "</s>", "<unk>", *"▁abcdefghijklmnopqrstuvwxyz,."]
    t5 = T5Config(vocab_size=len(words), d_model=32, d_kv=8, d_ff=37, num_layers=1, num_heads=4)
    vae = diffusers.AutoencoderKL(
        block_out_channels=(4,), norm_num_groups=1, latent_channels=1, shift_factor=0.06,
        scaling_factor=1.5, use_quant_conv=False, use_post_quant_conv=False,
    )  # fmt: skip
    transformer = diffusers.FluxTransformer2DModel(
        in_channels=4, num_layers=1, num_single_layers=1, attention_head_dim=16,
        num_attention_heads=2, joint_attention_dim=32, pooled_projection_dim=32,
        axes_dims_rope=(4, 4, 8), guidance_embeds=True,
    )  # fmt: skip
    diffusers.FluxKontextPipeline(
        **clip(), text_encoder_2=T5EncoderModel(t5), vae=vae, transformer=transformer,
        tokenizer_2=T5TokenizerFast(vocab=[(word, -1.0) for word in words], extra_ids=0),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(),
    ).save_pretrained(folder)  # fmt: skip


MAKERS = {"gen_cyclediffusion": stable_diffusion, "gen_flux_kontext": flux_kontext}


@pytest.fixture(scope="session")
def weights(tmp_path_factory):
    """The folder of a strategy's tiny weights, made once."""
    for library in ("diffusers", "transformers", "accelerate"):
        pytest.importorskip(library, reason="the dependency group 'generate' is not installed")
    made: dict[str, Path] = {}

    def of(strategy: str) -> Path:
        if strategy not in made:
            torch.manual_seed(0)
            made[strategy] = tmp_path_factory.mktemp(strategy)
            MAKERS[strategy](made[strategy])
        return made[strategy]

    return of


@pytest.fixture
def train(tiny_set, monkeypatch):
    """Training images of no size that a pipeline takes; two by day, two at dusk."""
    found = tiny_set(4, size=(24, 40))
    sets = SegmentationData(found, found, (16, 16))
    monkeypatch.setattr("trainstudy.data.load", lambda *_: sets)
    return found


@pytest.fixture
def ask(weights, train, tmp_path):
    """Parameters for the tiny weights of a strategy."""

    def parameters(strategy: str, out: str = "out", **others: object) -> GenerateImages:
        given = {"pipeline": str(weights(strategy)), "out": str(tmp_path / out), **ASKED, **others}
        return GenerateImages.checked(strategy=strategy, **given)

    return parameters


@pytest.fixture
def painted(monkeypatch):
    """Every image that a pipeline makes, as (strategy, target); ``painted.stop`` is the number of
    images after which the process is interrupted."""

    class Log(list):
        stop = None

    log = Log()

    def watched(strategy, paint):
        def paint_and_count(self, pipe, images, domains, target, *others):
            if log.stop is not None and len(log) >= log.stop:
                raise KeyboardInterrupt
            log.extend([(strategy, target)] * len(images))
            return paint(self, pipe, images, domains, target, *others)

        return paint_and_count

    for strategy in MAKERS:
        kind = type(METHODS[strategy])
        monkeypatch.setattr(kind, "paint", watched(strategy, kind.paint))
    return log
