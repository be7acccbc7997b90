import pytest

from trainstudy.runs import aliases, curves


@pytest.mark.parametrize("name", [*aliases.DATASETS, "cityscapes", "unknown"])
def test_canonical_and_unknown_names_stay(name: str) -> None:
    assert aliases.dataset(name) == name
    assert aliases.model(name) == name


def test_every_rule_in_the_table_holds_in_any_case() -> None:
    rename = {"dataset": aliases.dataset, "model": aliases.model, "family": aliases.family}
    for column, published, canonical in aliases.rules().itertuples(index=False):
        name = published.replace("*", "Net_r50" if column != "family" else "_r50")
        if column == "model":
            name, canonical = "x" + published[1:], "x"
        elif column == "family":
            name = published.replace("*", "_r50")
        for spelling in (name, name.upper(), name.lower()):
            assert rename[column](spelling).lower() == canonical.lower(), (column, spelling)


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("pspnet_r50", "PSPNet"),
        ("SegFormer_mit-b5", "SegFormer"),
        ("deeplabv3_r50", "DeepLabV3"),
        ("deeplabv3plus_r50", "DeepLabV3+"),
        ("mynet", "mynet"),
    ],
)
def test_family(model: str, family: str) -> None:
    assert aliases.family(model) == family


def test_another_mixing_ratio_is_another_model() -> None:
    assert aliases.model("pspnet_r50_ratio0p50") == "pspnet_r50"
    assert aliases.model("pspnet_r50_ratio0p25") == "pspnet_r50_ratio0p25"


def test_changes_are_counted_and_the_rest_is_untouched() -> None:
    row = {"strategy": "gen_x", "run": "r", "split": "test", "mIoU": 40.0, "source": "a"}
    names = [("bdd10k_ad", "m_ratio0p50"), ("BDD10k", "m"), ("other", "m_ratio0p50")]
    rows = [{**row, "dataset": d, "model": m, "iteration": n} for n, (d, m) in enumerate(names, 1)]
    made = curves.frame(rows)
    renamed, changes = aliases.canonical(made)
    assert sorted(renamed["dataset"]) == ["BDD10k", "BDD10k", "other"]
    assert set(renamed["model"]) == {"m"}
    assert changes.to_numpy().tolist() == [
        ["dataset", "bdd10k_ad", "BDD10k", 1],
        ["model", "m_ratio0p50", "m", 2],
    ]
    rest = made.columns.difference(["dataset", "model"])
    assert renamed[rest].equals(made[rest])
    again, none = aliases.canonical(renamed)
    assert none.empty
    assert again.equals(renamed)
