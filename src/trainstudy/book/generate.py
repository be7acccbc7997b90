"""The chapter that generates images: the methods, and originals beside what was made of them."""

import pandas as pd

from trainstudy import data
from trainstudy.book.images import gallery
from trainstudy.book.show import Html, sentences, table
from trainstudy.generation.diffusion import METHODS, Elsewhere, Method
from trainstudy.generation.diffusion.parameters import GenerateImages

SHOWN = 4  # originals


def methods() -> Html:
    """Every method: what makes its images, with which weights, and what that needs."""
    rows = [
        (name, method.tool, None, None)
        if isinstance(method, Elsewhere)
        else (name, f"{method.pipeline} of diffusers", method.weights, method.needs)
        for name, method in METHODS.items()
    ]
    frame = pd.DataFrame(rows, columns=["name", "made", "weights", "needs"])
    heads = {"name": "Strategy", "made": "Made by", "weights": "Weights", "needs": "Needs"}
    return table(frame, heads)


def prompts() -> Html:
    """What every method of diffusers is told, by target domain."""
    told = {name: m.prompts for name, m in METHODS.items() if isinstance(m, Method)}
    frame = pd.DataFrame(told).rename_axis("domain").reset_index()
    return table(frame, {"domain": "Target domain", **{name: name for name in told}})


def images(parameters: GenerateImages) -> Html:
    """Generate, read the manifest back as a training does, and show some images beside their
    originals. Without a pipeline nothing is generated, and no library of diffusion imported."""
    if not parameters.pipeline:
        return sentences(["No pipeline is named, so nothing was generated here."])
    from trainstudy.data.generated import read
    from trainstudy.generation.diffusion.run import generate

    manifest = generate(parameters)
    train = data.load(parameters.dataset, parameters.data_root).train
    found = read(manifest, train)
    made = dict(zip(found.images.names, found.images.images, strict=True))
    rows = [
        [original, *(made[f"{name}_{target}"] for target in parameters.targets)]
        for name, original in zip(train.names, train.images, strict=True)
        if all(f"{name}_{target}" in made for target in parameters.targets)
    ]
    report = sentences([str(found.report)])
    shown = gallery(
        rows[:: max(1, len(rows) // SHOWN)][:SHOWN],
        ["original", *parameters.targets],
        f"Images that {parameters.strategy} made",
    )
    return Html(report._repr_html_() + shown._repr_html_(), repr(report))
