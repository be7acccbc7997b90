"""A folder of other people's work, as `runs = "~/WEIGHTS_EXTENDED"` meets it."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import pytest

from trainstudy.runs.readers import Reading, read_runs

Write = Callable[[str, Iterable[object] | str], Path]
CONFIG = "train_cfg = dict(type='IterBasedTrainLoop', max_iters={}, val_interval=100)\n"
MODEL = "gen_x/bdd10k/pspnet_r50"


def scalars(iterations: Iterable[int], score: float) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for at in iterations:
        rows.append({"loss": 1.0, "lr": 0.1, "iter": at, "step": at})
        if at % 100 == 0:
            rows.append({"aAcc": 90.0, "mIoU": score + at / 1000, "step": at})
    return rows


def points(reading: Reading) -> list[tuple[int, float]]:
    rows = reading.curves
    return list(zip(rows["iteration"], rows["mIoU"].round(3), strict=True))


@pytest.fixture
def root(write: Write, tmp_path: Path) -> Path:
    """Two starts: the second resumed at 200, the first had come to 350."""
    write(f"w/{MODEL}/training_config.py", CONFIG.format(300))
    write(f"w/{MODEL}/20260101_120000/vis_data/scalars.json", scalars(range(50, 351, 50), 30))
    write(f"w/{MODEL}/20260102_120000/vis_data/scalars.json", scalars(range(250, 401, 50), 40))
    write(f"w/{MODEL}/20260102_120000/vis_data/config.py", CONFIG.format(500))
    return tmp_path / "w"


def test_a_resumed_run(root: Path) -> None:
    reading = read_runs(root)
    assert points(reading) == [(100, 30.1), (200, 30.2), (300, 40.3), (400, 40.4)]
    assert set(reading.curves["split"]) == {"val"}
    assert reading.curves["source"][0] == f"{MODEL}/20260101_120000/vis_data/scalars.json:3"
    assert reading.train["iteration"].tolist() == list(range(50, 401, 50))
    (run,) = reading.runs.to_dict("records")
    assert run == {
        "run": MODEL,
        "strategy": "gen_x",
        "dataset": "bdd10k",
        "model": "pspnet_r50",
        "last_iteration": 400,
        "target": 500,
        "state": "running",
    }
    (skip,) = reading.skipped.to_dict("records")
    assert (skip["file"][-43:], skip["line"], skip["count"]) == (
        "pspnet_r50/20260101_120000/vis_data/scalars.json"[-43:],
        9,
        1,
    )
    assert "superseded" in skip["reason"]
    assert "20260102_120000" in skip["reason"]


@pytest.mark.parametrize("part", ["", "gen_x", "gen_x/bdd10k", MODEL])
def test_any_level_may_be_the_root(root: Path, part: str) -> None:
    reading = read_runs(root / part)
    assert len(reading.curves) == 4
    names = reading.curves[["strategy", "dataset", "model"]].drop_duplicates().to_numpy().tolist()
    assert names == [["gen_x", "bdd10k", "pspnet_r50"]]


def test_one_file_may_be_the_root(root: Path) -> None:
    reading = read_runs(root / MODEL / "20260102_120000/vis_data/scalars.json")
    assert points(reading) == [(300, 40.3), (400, 40.4)]
    assert reading.curves["model"][0] == "pspnet_r50"


def test_a_start_from_scratch_takes_everything_back(root: Path, write: Write) -> None:
    write(f"w/{MODEL}/20260103_120000/vis_data/scalars.json", scalars([50, 100], 50))
    reading = read_runs(root)
    assert points(reading) == [(100, 50.1)]
    assert reading.skipped["count"].sum() == 5
    assert reading.runs["last_iteration"][0] == 100


def test_a_start_by_accident_takes_nothing_back(root: Path, write: Write) -> None:
    before = read_runs(root)
    write(f"w/{MODEL}/20260103_120000/vis_data/scalars.json", scalars([50], 50))
    write(f"w/{MODEL}/20260103_120000/vis_data/config.py", CONFIG.format(80))
    reading = read_runs(root)
    pd.testing.assert_frame_equal(reading.curves, before.curves)
    pd.testing.assert_frame_equal(reading.runs, before.runs)
    assert "a start of 50 iterations without a validation: left out" in set(
        reading.skipped["reason"]
    )


def test_a_table_exported_from_a_run_is_not_another_run(write: Write, tmp_path: Path) -> None:
    write(f"{MODEL}/20260101_120000/vis_data/scalars.json", scalars(range(50, 401, 50), 30.123))
    header = "strategy,dataset,model,iteration,mIoU,pixel_acc,split\n"
    rows = [
        f"gen_x,BDD10k,pspnet_r50,{at},{score:.2f},90.0,val\n"
        for at, score in points(read_runs(tmp_path))
    ]
    write("all.csv", header + "".join(rows))
    write("other.csv", header + "".join(rows).replace("30.32", "30.35"))
    reading = read_runs(tmp_path)
    assert reading.curves.groupby("run").size().to_dict() == {MODEL: 4, "other": 4}
    assert reading.runs["run"].tolist() == [MODEL, "other"]
    assert reading.skipped.fillna(0).to_numpy().tolist() == [
        ["all.csv", 2, f"the same results as {MODEL}: counted once", 4]
    ]


def test_a_copied_folder_is_not_another_run(write: Write, tmp_path: Path) -> None:
    for seed in ("seed_1", "seed_2"):
        name = f"none/bdd10k/m/{seed}/20260101_120000/vis_data/scalars.json"
        write(name, scalars(range(50, 401, 50), 30.123))
    reading = read_runs(tmp_path)
    for frame in (reading.curves, reading.train, reading.runs):
        assert set(frame["run"]) == {"none/bdd10k/m/seed_1"}
    assert reading.skipped["count"].tolist() == [4]


def test_text_log_stands_in_for_lost_scalars(root: Path, write: Write) -> None:
    stamp = "2026/01/02 - mmengine - INFO - "
    log = (
        f"{stamp}Config:\n{CONFIG.format(500)}"
        f"{stamp}Iter(train) [300/500]  lr: 1e-2  loss: 1.0\n"
        f"{stamp}Iter(val) [5/5]    aAcc: 90.0  mIoU: 45.0  time: 1.0\n"
    )
    write(f"w/{MODEL}/20260102_120000/20260102_120000.log", log)
    assert points(read_runs(root))[-1] == (400, 40.4)
    (root / MODEL / "20260102_120000/vis_data/scalars.json").write_bytes(b"\0\xff" * 99)
    reading = read_runs(root)
    assert points(reading)[-1] == (300, 45.0)
    assert "last line is cut short" in set(reading.skipped["reason"])


def test_a_terminals_copy_of_the_log_is_not_another_start(root: Path, write: Write) -> None:
    write(f"w/{MODEL}/train.log", "- mmengine - INFO - Iter(train) [  50/500]  lr: 1e-2 \n")
    reading = read_runs(root)
    assert len(reading.curves) == 4
    assert reading.skipped["reason"].str.startswith("not read").sum() == 1


def test_tests_belong_to_their_run(root: Path, write: Write) -> None:
    folder = f"w/{MODEL}/test_results_iter_300"
    for number, score in enumerate([47.0, 48.0]):
        content = [{"overall": {"mIoU": score, "aAcc": 90.0}}]
        write(f"{folder}/2026010{number}_000000/results.json", content)
    reading = read_runs(root)
    test = reading.curves[reading.curves["split"] == "test"]
    assert test[["run", "iteration", "mIoU"]].to_numpy().tolist() == [[MODEL, 300, 48.0]]
    assert len(reading.runs) == 1
    assert reading.skipped["reason"].str.contains("another value").sum() == 1


def test_tests_on_other_images_are_not_mixed_in(root: Path, write: Write) -> None:
    for name, at, score in (("acdc", 100, 30.0), ("bdd", 200, 47.0), ("bdd", 300, 48.0)):
        content = [{"overall": {"mIoU": score, "aAcc": 90.0}}]
        write(f"w/{MODEL}/test_results_{name}/iter_{at}/results.json", content)
    reading = read_runs(root)
    test = reading.curves[reading.curves["split"] == "test"]
    assert test["mIoU"].tolist() == [47.0, 48.0]
    assert "another set of tests (acdc): not mixed in" in set(reading.skipped["reason"])


def test_a_test_beyond_the_end_of_the_training_is_left_out(root: Path, write: Write) -> None:
    content = [{"overall": {"mIoU": 48.0, "aAcc": 90.0}}]
    path = write(f"w/{MODEL}/test_results/iter_600/results.json", content)
    reading = read_runs(root)
    assert set(reading.curves["split"]) == {"val"}
    assert reading.runs[["last_iteration", "state"]].to_numpy().tolist() == [[400, "running"]]
    reasons = set(reading.skipped["reason"])
    assert "iteration beyond the end of training (600, max_iters 500)" in reasons
    write(f"w/{MODEL}/iter_600.pth", "")  # the training went on, whatever its logs say
    assert read_runs(root).curves["iteration"].max() == 600
    write("alone/none/d/m/config.py", CONFIG.format(500))  # of this training, or of its base
    write("alone/none/d/m/test_results/iter_600/results.json", path.read_text())
    assert points(read_runs(root.parent / "alone")) == [(600, 48.0)]


@pytest.mark.parametrize(
    ("folders", "expected"),
    [
        (
            ("EXT/photometric/bdd10k/pspnet_r50", "EXT/weathergen/bdd10k/pspnet_r50"),
            [["photometric", "bdd10k", "pspnet_r50"], ["weathergen", "bdd10k", "pspnet_r50"]],
        ),
        (
            ("gen_x/bdd10k/clear_day/pspnet_r50", "gen_x/bdd10k/clear_day/segformer_b5"),
            [
                ["gen_x", "bdd10k", "clear_day/pspnet_r50"],
                ["gen_x", "bdd10k", "clear_day/segformer_b5"],
            ],
        ),
    ],
)
def test_other_trainings_are_other_configurations(
    tmp_path: Path, write: Write, folders: tuple[str, str], expected: list[list[str]]
) -> None:
    for folder, score in zip(folders, (40.8, 60.8), strict=True):
        content = [{"overall": {"mIoU": score, "aAcc": 90.0}}]
        write(f"P/{folder}/test_results_iter_300/20260101_000000/results.json", content)
    reading = read_runs(tmp_path / "P")
    assert reading.curves[["strategy", "dataset", "model"]].to_numpy().tolist() == expected
    assert reading.curves["mIoU"].tolist() == [40.8, 60.8]
    assert reading.skipped.empty


def test_states(root: Path, write: Write) -> None:
    write("w/none/bdd10k/waiting/config.py", CONFIG.format(300))
    write("w/none/bdd10k/done/config.py", CONFIG.format(300))
    write("w/none/bdd10k/done/iter_300.pth", "")
    write("w/none/bdd10k/open/iter_300.pth", "")
    runs = read_runs(root).runs.set_index("model")
    assert runs["state"].to_dict() == {
        "pspnet_r50": "running",
        "waiting": "pending",
        "done": "completed",
        "open": "unknown",
    }
    assert pd.isna(runs.loc["waiting", "last_iteration"])


def test_fractions(tmp_path: Path, write: Write) -> None:
    path = write("a.csv", "strategy,dataset,model,iteration,mIoU\nnone,d,m,10,0.5\nnone,d,m,20,1\n")
    reading = read_runs(path)
    assert points(reading) == [(10, 0.5), (20, 1.0)]
    assert 'unit="fraction"' in reading.skipped["reason"][0]
    assert points(read_runs(path, unit="fraction")) == [(10, 50.0), (20, 100.0)]
    config = "runner = dict(type='IterBasedRunner', max_iters=9)\nevaluation = dict(interval=5)"
    rows = [{"mode": "train", "iter": 5}, {"mode": "val", "iter": 2, "mIoU": 0.48, "aAcc": 0.9}]
    old = write("old/none/d/m/20210101_000000.log.json", [{"config": config}, *rows])
    assert points(read_runs(old)) == points(read_runs(old, unit="fraction")) == [(5, 48.0)]
    assert read_runs(old).skipped["reason"].tolist() == [
        "kept: fractions, as this format writes them, times 100"
    ]


def test_one_run_of_a_table_in_fractions_is_named(write: Write) -> None:
    rows = "none,d,m,10,0.5,a\nnone,d,m,20,1,a\nnone,d,m,10,50,b\nstd_x,d,m,10,0.6,a\n"
    path = write("a.csv", f"strategy,dataset,model,iteration,mIoU,run\n{rows}")
    skipped = read_runs(path).skipped
    assert skipped["reason"].str.partition(": ")[0].tolist() == ["none/d/m/a", "std_x/d/m/a"]
    assert skipped["reason"].str.endswith('for fractions give unit="fraction"').all()
    reasons = read_runs(path, unit="fraction").skipped["reason"]
    assert reasons.tolist() == ["mIoU is outside 0 to 100 percent (50.0)"]


def test_tables_keep_the_last_of_conflicting_rows(write: Write) -> None:
    text = "strategy,dataset,model,iteration,mIoU\n" + "none,d,m,10,40\n" * 2 + "none,d,m,10,41\n"
    reading = read_runs(write("a.csv", text))
    assert points(reading) == [(10, 41.0)]
    assert reading.skipped[["line", "count"]].to_numpy().tolist() == [[3, 1]]
    assert reading.runs[["run", "last_iteration", "state"]].to_numpy().tolist() == [
        ["a", 10, "unknown"]
    ]


def test_nothing_to_read(tmp_path: Path, write: Write) -> None:
    write("empty/manifest.csv", "gen_path,name\n")
    for path in (tmp_path / "empty", tmp_path / "missing", write("notes.txt", "hello")):
        with pytest.raises(ValueError, match=path.name):
            read_runs(path)
    with pytest.raises(ValueError, match=r"scalars\.json.*manifest\.csv: no results table"):
        read_runs(tmp_path / "empty")
    with pytest.raises(ValueError, match=r"accepted are percent, fraction"):
        read_runs(tmp_path, unit="permille")  # type: ignore[arg-type]


def test_nothing_sound_is_an_empty_frame_and_reasons(tmp_path: Path, write: Write) -> None:
    write("r/20260101_120000/vis_data/scalars.json", "")
    reading = read_runs(tmp_path)
    assert reading.curves.empty
    assert reading.runs.empty
    assert "file is empty" in set(reading.skipped["reason"])
