import csv
from pathlib import Path

import pytest

from trainstudy.paths import project_root
from trainstudy.runs import published as module
from trainstudy.runs.published import published

HEAD = "strategy,dataset,model,iteration,mIoU,pixel_acc\n"


def write(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "p.csv"
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows))
    return path


def test_the_projects_copy_is_read_whole() -> None:
    found = published()
    with (project_root() / module.FILE).open() as file:
        rows = list(csv.DictReader(file))
    assert len(found.curves) + len(found.resolved) == len(rows)
    assert found.curves["mIoU"].isin([float(row["mIoU"]) for row in rows]).all()
    line = found.curves["source"].str.rpartition(":")[2].astype(int)
    for number, iteration, miou in zip(
        line, found.curves["iteration"], found.curves["mIoU"], strict=True
    ):
        row = rows[number - 2]
        assert (int(row["iteration"]), float(row["mIoU"])) == (iteration, miou)
    assert set(found.curves["dataset"]) == {"BDD10k", "IDD-AW", "MapillaryVistas", "Outside15k"}
    assert set(found.curves["split"]) == {"test"}
    assert found.resolved["difference"].abs().max() <= module.SAME


def test_repeats_collapse_and_the_last_counts(tmp_path: Path) -> None:
    path = write(tmp_path, "g,bdd10k,m,10,40.0004,90", "g,bdd10k_ad,m_ratio0p50,10,40.0000,90")
    found = published(path)
    assert found.curves["mIoU"].tolist() == [40.0]
    assert found.curves["source"].tolist() == ["p.csv:3"]
    assert found.resolved[["kept", "dropped"]].to_numpy().tolist() == [["p.csv:3", "p.csv:2"]]


def test_a_contradiction_names_both_lines(tmp_path: Path) -> None:
    path = write(tmp_path, "g,d,m,20,40,90", "g,d,m,10,40,90", "g,d,m,10,40.01,90")
    with pytest.raises(ValueError, match=r"p\.csv:3 and p\.csv:4 contradict"):
        published(path)


@pytest.mark.parametrize(
    "row",
    [
        "g,d,m,0,40,90",
        "g,d,m,10.5,40,90",
        "g,d,m,10,140,90",
        "g,d,m,10,nan,90",
        "g,d,m,10,,90",
        "g,d,m,10,40,190",
        "g,d,m,10,40",
        ",d,m,10,40,90",
    ],
)
def test_impossible_rows_are_refused_with_their_line(tmp_path: Path, row: str) -> None:
    with pytest.raises(ValueError, match=r"^p\.csv:3: "):
        published(write(tmp_path, "g,d,m,5,40,90", row))


def test_a_missing_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("strategy,dataset,model,mIoU\n")
    with pytest.raises(ValueError, match=r"^p\.csv:1: .*iteration"):
        published(path)
