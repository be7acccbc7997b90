"""The many names of one thing: stated rules from published names to canonical ones.

The rules are data, shown as a table in the book; a name that no rule knows passes unchanged.
"""

import re

import pandas as pd

# `_ad` marks weather-annotated copies of the same test images in the published study.
DATASETS = {
    "BDD10k": ("bdd10k", "bdd10k_ad"),
    "IDD-AW": ("idd-aw", "idd_aw", "iddaw", "idd-aw_ad", "iddaw_ad"),
    "MapillaryVistas": ("mapillaryvistas", "mapillaryvistas_ad", "mapillary_vistas", "mapillary"),
    "Outside15k": ("outside15k", "outside15k_ad"),
}
# Half of every batch generated: the ratio all published runs used. Another ratio is another model.
MODEL_SUFFIX = "_ratio0p50"
FAMILIES = {
    "pspnet": "PSPNet",
    "segformer": "SegFormer",
    "deeplabv3plus": "DeepLabV3+",
    "deeplabv3": "DeepLabV3",
    "mask2former": "Mask2Former",
    "upernet": "UPerNet",
    "segnext": "SegNeXt",
    "ocrnet": "OCRNet",
}
_BY_ALIAS = {alias: name for name, aliases in DATASETS.items() for alias in aliases}


def rules() -> pd.DataFrame:
    """Every rule as a row: ``column``, ``published`` (a name or a pattern), ``canonical``."""
    rows = [("dataset", alias, name) for alias, name in _BY_ALIAS.items()]
    rows += [("model", f"*{MODEL_SUFFIX}", "*")]
    rows += [("family", f"{prefix}*", name) for prefix, name in FAMILIES.items()]
    return pd.DataFrame(rows, columns=["column", "published", "canonical"])


def dataset(name: str) -> str:
    """The canonical name of a dataset; letter case does not matter."""
    return _BY_ALIAS.get(name.lower(), name)


def model(name: str) -> str:
    """The canonical name of a model: its size is kept, the published mixing ratio is not."""
    return re.sub(f"{MODEL_SUFFIX}$", "", name, flags=re.IGNORECASE)


def family(name: str) -> str:
    """The architecture of a model, such as ``PSPNet`` for ``pspnet_r50``, else the name itself."""
    # the longest prefix decides: deeplabv3plus is not deeplabv3
    known = [prefix for prefix in FAMILIES if name.lower().startswith(prefix)]
    return FAMILIES[max(known, key=len)] if known else name


def canonical(curves: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Curves with canonical names, and the changes: ``column, published, canonical, rows``.

    Rows are kept in their order. Two names of one thing may leave two rows for a checkpoint; what
    then counts is the caller's decision.
    """
    renamed = curves.copy()
    changes: list[tuple[str, str, str, int]] = []
    for column, rename in (("dataset", dataset), ("model", model)):
        for name, rows in curves[column].value_counts(sort=False).items():
            if (new := rename(str(name))) != name:
                changes.append((column, str(name), new, int(rows)))
        renamed[column] = curves[column].map(rename).astype("str")
    return renamed, pd.DataFrame(changes, columns=["column", "published", "canonical", "rows"])
