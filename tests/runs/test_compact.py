import json
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from trainstudy.runs.chains import read_chains
from trainstudy.runs.chains import scores as chain_scores
from trainstudy.runs.compact import compact, main
from trainstudy.runs.record import BARRIERS, CONFUSIONS, METRICS, RUN, STUDY, TESTS, read_metrics
from trainstudy.runs.studies import curves, read_study, scores


@pytest.fixture
def study(write_study):
    return write_study()


@pytest.fixture
def small(study, tmp_path):
    compact(study / STUDY, tmp_path / "small", every=5)
    return tmp_path / "small"


def contents(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder): path.read_bytes() for path in files}


def test_what_is_read_from_the_copy_is_what_is_read_from_the_study(study, small):
    one, other = read_study(study), read_study(small)
    assert one.legs == other.legs
    assert one.parameters == other.parameters
    pd.testing.assert_frame_equal(scores(one), scores(other))
    pd.testing.assert_frame_equal(curves(one), curves(other))


def test_every_line_but_most_losses_is_kept_in_its_order(study, small):
    for run in sorted(path.name for path in study.iterdir() if path.is_dir()):
        lines = (study / run / METRICS).read_text().splitlines()
        rows = [json.loads(line) for line in lines]
        kept = [line for line, row in zip(lines, rows, strict=True)
                if row["kind"] != "train" or row["iteration"] % 5 == 0]  # fmt: skip
        assert (small / run / METRICS).read_text().splitlines() == kept
    assert [row["iteration"] for row in read_metrics(small / "base-s0", "train")] == [5, 10, 15]


def test_of_the_files_those_at_the_budgets_are_kept_as_they_are(study, small):
    before = contents(study)
    kept = {path: content for path, content in contents(small).items() if path.name != METRICS}
    kept.pop(Path(STUDY))
    assert all(before[path] == content for path, content in kept.items())
    expected = set()
    for _, leg, run in read_study(study).legs:
        expected |= {Path(run, RUN), Path(run, TESTS)}
        for kind, budget in product(("", "test_"), leg.budgets):
            expected.add(Path(run, CONFUSIONS, f"{kind}iter_{budget}.npz"))
    assert kept.keys() == expected


def test_a_copy_of_a_copy_is_that_copy(small, tmp_path):
    compact(small / STUDY, tmp_path / "again", every=5)
    assert contents(tmp_path / "again") == contents(small)


def test_a_leg_that_was_not_trained_to_its_end_is_named(study, tmp_path):
    (study / "stretched-s1" / RUN).write_text('{"iteration": 12, "starts": []}')
    with pytest.raises(ValueError, match="stretched-s1: has not been trained to its"):
        compact(study / STUDY, tmp_path / "small")


def test_a_study_of_chains_keeps_its_scores(tmp_path):
    run = tmp_path / "study" / "seg"
    run.mkdir(parents=True)
    record = {"iteration": 10, "until": 10, "spec": {"tasks": ["seg"]}}
    (run / RUN).write_text(json.dumps(record))
    score = {"mIoU": 1.0, "mAP50": 2.0, "top1": 3.0}
    lines = [{"iteration": at, "kind": "train", "loss": 1.0} for at in range(1, 11)]
    lines.append({"iteration": 10, "kind": "val", **score})
    (run / METRICS).write_text("".join(json.dumps(line) + "\n" for line in lines))
    (run / TESTS).write_text(json.dumps({"iteration": 10, "split": "test", **score}) + "\n")
    stages = [{"stage": "seg", "run": "seg"}]
    chains = [{"cell": cell, "seed": 0, "stages": stages} for cell in "ab"]
    (run.parent / STUDY).write_text(json.dumps({"chains": chains}))
    (run.parent / BARRIERS).write_text('{"paths": []}')
    compact(run.parent / STUDY, tmp_path / "small", every=5)
    found = [chain_scores(read_chains(tmp_path / name)) for name in ("study", "small")]
    pd.testing.assert_frame_equal(*found)
    assert [row["iteration"] for row in read_metrics(tmp_path / "small" / "seg", "train")] == [
        5,
        10,
    ]
    assert (tmp_path / "small" / BARRIERS).read_text() == '{"paths": []}'
    (run / RUN).write_text(json.dumps({**record, "iteration": 9}))
    with pytest.raises(ValueError, match="seg: has not been trained to its end"):
        compact(run.parent / STUDY, tmp_path / "other")


def test_a_target_that_holds_another_study_is_left_as_it_is(study, small, tmp_path):
    before = contents(small)
    listed = json.loads((study / STUDY).read_text())
    fewer = [leg for leg in listed["legs"] if leg["run"] != "stretched-s1"]
    (study / STUDY).write_text(json.dumps({**listed, "legs": fewer}))
    with pytest.raises(ValueError, match=r"small/study\.json: is of another .* stretched-s1, "):
        compact(study / STUDY, small)
    assert contents(small) == before
    (study / STUDY).write_text(json.dumps(listed))
    compact(study / STUDY, small, every=5)
    assert contents(small) == before, "the same one, which may have grown"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{}", "of no study: it has neither legs nor chains"),
        ('{"legs": [{"run": "a"}]}', "'until'"),
        ('{"chains": 1}', "not iterable"),
    ],
)
def test_what_is_no_study_is_told_with_its_file(tmp_path, capsys, content, told):
    (tmp_path / STUDY).write_text(content)
    with pytest.raises(SystemExit):
        main([str(tmp_path), str(tmp_path / "small")])
    error = capsys.readouterr().err
    assert str(tmp_path / STUDY) in error
    assert told in error
    assert not (tmp_path / "small").exists()


def test_a_record_that_does_not_tell_how_far_it_went_is_named(study, tmp_path):
    (study / "stretched-s1" / RUN).write_text("{}")
    with pytest.raises(ValueError, match=r"stretched-s1/run\.json: KeyError: 'iteration'"):
        compact(study / STUDY, tmp_path / "small")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"iteration": 1, "ki', "line is cut short"),
        ('{"iteration": 1, "ki\n', "no JSON"),
        ("[]\n", "expected a JSON object, found list"),
        ('{"kind": "train"}\n', "KeyError: 'iteration'"),
    ],
)
def test_a_damaged_line_is_told_with_its_number(study, tmp_path, line, told):
    path = study / "base-s0" / METRICS
    count = len(path.read_text().splitlines())
    with path.open("a") as metrics:
        metrics.write(line)
    with pytest.raises(ValueError, match=f"base-s0/{METRICS}:{count + 1}: {told}"):
        compact(study / STUDY, tmp_path / "small")


def test_the_command_copies_what_the_function_does(study, tmp_path, capsys):
    compact(study / STUDY, tmp_path / "one")
    main([str(study), str(tmp_path / "other")])
    assert capsys.readouterr().out.strip() == str(tmp_path / "other" / STUDY)
    assert contents(tmp_path / "one") == contents(tmp_path / "other")
    with pytest.raises(SystemExit):
        main([str(tmp_path / "none"), str(tmp_path / "other")])
    assert "none" in capsys.readouterr().err
