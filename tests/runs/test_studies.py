import json

import pytest

from trainstudy.runs.record import METRICS, STUDY
from trainstudy.runs.studies import curves, read_study, scores
from trainstudy.training import arms

LEGS = arms.plan(8, [1, 2], cooldown_share=0.25, floor=1e-4)
NUMBER = {leg.name: place for place, leg in enumerate(LEGS)}


def level(seed, leg, iteration):
    """Another one for every seed, leg and iteration."""
    return 30.0 + seed + NUMBER[leg.name] / 100 + iteration / 10_000


@pytest.fixture
def study(write_study):
    return read_study(write_study(level))


def test_a_study_is_read_as_it_was_planned(study):
    assert [(seed, leg) for seed, leg, _ in study.legs] == [
        (s, leg) for s in (0, 1) for leg in LEGS
    ]
    assert all((study.folder / run).is_dir() for *_, run in study.legs)
    assert study.parameters["base"] == 8


def test_every_arm_has_its_legs_score_at_every_budget(study):
    found = scores(study).set_index(["seed", "arm", "budget", "split", "domain"]).sort_index()
    assert found.index.is_unique
    assert len(found) == 2 * len(arms.ARMS) * 2 * 2 * 3
    for (seed, arm, budget, split, domain), row in found.iterrows():
        leg = arms.result(LEGS, arm, budget)
        expected = level(seed, leg, budget) - 3 * (split == "test")
        assert row["mIoU"] == expected + {"all": 0, "day": 5, "dusk": -5}[domain]
        assert row["answers"] == leg.answers
        assert row["run"].endswith(f"-s{seed}")


def test_a_curve_is_that_of_its_leg_alone(study):
    found = curves(study)
    assert not found.duplicated(["seed", "arm", "leg", "iteration"]).any()
    for leg in LEGS:
        part = found[found["leg"] == leg.name]
        assert set(part["arm"]) == set(leg.arms)
        for row in part.itertuples():
            whose = leg if row.iteration > leg.start else LEGS[NUMBER["base"]]
            assert row.mIoU == level(row.seed, whose, row.iteration)
        iterations = set(part["iteration"])
        first = leg.start + (leg.name != "frozen")  # which shares a run with what is before it
        assert iterations == {at for at in range(first, leg.until + 1)
                              if at % 4 == 0 or at == leg.until} - {0}  # fmt: skip


def test_without_a_test_set_validation_is_all_there_is(write_study):
    assert set(scores(read_study(write_study(test=False)))["split"]) == {"val"}


def test_a_run_without_a_score_at_a_budget_is_named(study):
    log = study.folder / "fresh-16-s1" / METRICS
    lines = [line for line in log.read_text().splitlines() if json.loads(line)["iteration"] < 16]
    log.write_text("\n".join(lines) + "\n")
    (log.parent / "tests.jsonl").unlink()
    with pytest.raises(ValueError, match="fresh-16-s1: no score at iteration 16"):
        scores(study)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda content: content.pop("legs"), "KeyError: 'legs'"),
        (lambda content: content["legs"][3].pop("until"), "KeyError: 'until'"),
        (lambda content: content["legs"].append(3), "TypeError: "),
        (lambda content: content.update(parameters=None), "TypeError: "),
    ],
)
def test_a_damaged_study_is_named(study, edit, message):
    path = study.folder / STUDY
    content = json.loads(path.read_text())
    edit(content)
    path.write_text(json.dumps(content))
    with pytest.raises(ValueError, match=rf"{STUDY}: {message}"):
        read_study(study.folder)


def test_a_folder_without_a_study_is_named(tmp_path):
    with pytest.raises(ValueError, match=STUDY):
        read_study(tmp_path)
