import re
from dataclasses import replace

import pytest

from trainstudy.book.overview import SECTIONS, headline, strategy_headline
from trainstudy.book.study import ExtendedTraining, open_study
from trainstudy.book.task_study import DRAWN, claims


def test_every_section_of_the_report_has_a_title():
    claims = open_study(ExtendedTraining()).report.claims
    assert {claim.section for claim in claims} <= set(SECTIONS)


def test_the_headline_counts_every_claim_once():
    study = open_study(ExtendedTraining())
    first, second, *_ = headline(study)
    total, *parts = map(int, re.findall(r"\d+", first))
    assert total == len(study.claims) == sum(parts)
    assert f"{len(study.curves):,} evaluated checkpoints" in second


def test_the_headline_tells_what_training_on_brings_from_both_starts():
    *_, before, after = headline(open_study(ExtendedTraining()))
    assert before.startswith("Trained on from 80k to 320k: +2.33 mIoU points (")
    assert "% of it by 90k, 77 % of it by 160k, " in before
    assert after.startswith("Trained on from 90k to 320k: +1.23 mIoU points (")


def test_two_budgets_have_a_gain_and_no_shares(tmp_path):
    rows = [f"{strategy},City,a,{at},{40 + at / 10}" for strategy in "xy" for at in (10, 20)]
    path = tmp_path / "runs.csv"
    path.write_text("strategy,dataset,model,iteration,mIoU\n" + "\n".join(rows) + "\n")
    *_, last = headline(open_study(ExtendedTraining(runs=str(path))))
    assert re.fullmatch(r"Trained on from 10 to 20: \+1\.00 mIoU points \(.*\)\.", last)


@pytest.mark.parametrize(
    ("models", "expected"), [("a", "1 configuration."), ("ab", "2 configurations.")]
)
def test_configurations_are_counted_in_words(tmp_path, models, expected):
    rows = [f"none,City,{model},{at},40" for model in models for at in (10, 20)]
    path = tmp_path / "runs.csv"
    path.write_text("strategy,dataset,model,iteration,mIoU\n" + "\n".join(rows) + "\n")
    assert headline(open_study(ExtendedTraining(runs=str(path))))[1].endswith(expected)


def test_the_other_reports_headline_counts_its_claims_and_what_was_trained(task_study):
    study = task_study({"joint": [[40.0, 20.0, 70.0]], "seg,det,cls": [[40, 0, 0], [30, 20, 0],
                                                                       [20, 10, 80]]})  # fmt: skip
    found = claims(study)
    first, second = strategy_headline(found, study)
    total, *parts = map(int, re.findall(r"\d+", first))
    assert total == len(found) == sum(parts)
    assert second == "Reproduced with 12 trainings of 2 kinds with 3 seeds."
    drawn = replace(study, source=DRAWN)
    assert strategy_headline(claims(drawn), drawn)[1].endswith("these reproduce no claim.")
