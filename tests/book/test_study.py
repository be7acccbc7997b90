import re
from pathlib import Path

import pandas as pd
import pytest

from trainstudy.analysis.marginal import REPORT_PHASES
from trainstudy.book import study
from trainstudy.book.study import RESUMED_AT, ExtendedTraining, Study, open_study
from trainstudy.book.trace import Trace
from trainstudy.parameters import ParameterError
from trainstudy.runs.curves import KEY

HEADER = "strategy,dataset,model,iteration,mIoU,split\n"


@pytest.fixture
def opened(tmp_path):
    """opened(rows, **parameters): the study of a CSV file."""

    def make(rows: list[str], **parameters: object) -> Study:
        path = tmp_path / "runs.csv"
        path.write_text(HEADER + "".join(f"{row}\n" for row in rows))
        return open_study(ExtendedTraining.checked(runs=str(path), **parameters))

    return make


def rows(*iterations: int, dataset: str = "City", split: str = "test") -> list[str]:
    return [f"none,{dataset},pspnet_r50,{at},{40 + at / 1e6},{split}" for at in iterations]


@pytest.mark.parametrize(
    "phases", [[], [10], [20, 10], [10, 10, 20], [0, 10], [10.5, 20], ["a", "b"]]
)
def test_phases_that_do_not_grow_are_named_before_any_work(phases):
    with pytest.raises(ParameterError, match="parameter 'phases'"):
        ExtendedTraining.checked(runs="/no/such/place", phases=phases)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"runs": "/no/such/place"}, r"parameter 'runs': .*/no/such/place"),
        ({"unit": "points"}, r"parameter 'unit': .*'percent' or 'fraction'"),
        ({"run": "published"}, r"unknown parameter 'run' \(did you mean 'runs'\?\)"),
    ],
)
def test_wrong_parameters_are_named(parameters, message):
    with pytest.raises(ParameterError, match=message):
        open_study(ExtendedTraining.checked(**parameters))


def test_phases_nobody_was_evaluated_at_are_named_with_those_that_exist(opened):
    with pytest.raises(ParameterError, match=r"'phases': no run .* 90, 160; .*: 90,000, 160,000$"):
        opened(rows(90_000, 160_000), phases=[90, 160])
    assert opened(rows(90_000, 160_000), phases=[10, 90_000, 160_000]).phases[0] == 10


def test_runs_with_one_common_iteration_are_refused(opened):
    with pytest.raises(ParameterError, match=r"'runs': .* 1 common iteration.* 'phases'"):
        opened(rows(10, 20) + rows(20, 30, dataset="Town"))


def test_the_split_can_be_chosen(opened):
    lines = [f"none,City,m,{at},{40 + at / 10},val" for at in (10, 20, 30)]
    lines += [f"none,City,m,{at},50,test" for at in (10, 30)]
    assert opened(lines).phases == (10, 30)
    assert opened(lines, split="val").phases == (10, 20, 30)
    assert set(opened(lines, split="val").curves["split"]) == {"val"}
    with pytest.raises(ParameterError, match=r"'split': .*runs\.csv has no result on val"):
        opened(lines[3:], split="val")


@pytest.mark.parametrize("phases", [None, [10, 20]])
@pytest.mark.parametrize(
    ("sound", "message"),
    [
        ([], r"'runs': .*runs\.csv: 0 evaluated .*; skipped: runs\.csv:2: iteration is not .*80k"),
        (rows(10), r"'runs': .*: 1 evaluated .* two are needed .*runs\.csv:3: iteration is not"),
    ],
)
def test_without_two_iterations_the_reasons_are_told(opened, sound, message, phases):
    with pytest.raises(ParameterError, match=message) as raised:
        opened([*sound, "none,City,m,80k,40,test"], phases=phases)
    assert "'phases'" not in str(raised.value)


@pytest.mark.parametrize(("phases", "name"), [(None, "runs"), ([30, 40], "phases")])
def test_without_phases_the_first_reasons_are_told(opened, phases, name):
    sound = rows(10) + rows(20, dataset="Town")
    unsound = ["80k,40,test", "0,40,test", "5,,test", "5,x,test", "5,101,test", "5,40,night"]
    with pytest.raises(ParameterError, match=rf"'{name}': .*; skipped: .*") as raised:
        opened(sound + [f"none,City,m,{row}" for row in unsound], phases=phases)
    assert re.findall(r"runs\.csv:(\d+): ", str(raised.value)) == ["4", "5", "6", "7", "8"]


def test_a_reason_of_a_whole_file_has_no_line(opened):
    with pytest.raises(ParameterError, match=r"skipped: runs\.csv: kept as read"):
        opened([row.replace(",40.", ",0.4") for row in rows(10)])


def test_the_phase_of_the_baseline_is_shown_where_the_resume_was_evaluated(opened):
    late = opened(rows(*REPORT_PHASES))
    assert late.phases == late.full_phases == REPORT_PHASES
    whole = opened(rows(RESUMED_AT, *REPORT_PHASES))
    assert whole.full_phases == (RESUMED_AT, *REPORT_PHASES)
    assert whole.breaks == (RESUMED_AT,)
    resumed = open_study(ExtendedTraining(phases=[RESUMED_AT, 160_000, 320_000]))
    assert resumed.phases == resumed.full_phases == (RESUMED_AT, 160_000, 320_000)
    assert resumed.breaks == whole.breaks  # whatever the phases
    own = opened(rows(10, 20, 40))
    assert (own.phases, own.full_phases, own.breaks) == ((10, 20, 40),) * 2 + ((),)


def test_fractions_become_percent(opened):
    small = [row.replace(",40.", ",0.40") for row in rows(10, 20)]
    study = opened(small, unit="fraction")
    assert study.curves["mIoU"].between(40, 41).all()
    assert not study.is_published


def test_two_names_of_one_checkpoint_leave_one_row_and_an_account(opened):
    names = rows(10, 20, dataset="bdd10k") + rows(20, 30, dataset="bdd10k_ad")
    study = opened([*names, *rows(10, 20, 30, dataset="City")])
    assert not study.curves.duplicated(KEY).any()
    assert study.curves.equals(study.curves.sort_values(KEY, ignore_index=True))
    assert study.curves["iteration"].tolist() == [10, 20, 30] * 2
    (skipped,) = study.origin.skipped.to_dict("records")
    assert (skipped["file"], skipped["line"], skipped["count"]) == ("runs.csv", 3, 1)
    assert "another name" in skipped["reason"]


def test_a_file_of_the_published_rows_gives_the_published_study():
    own = open_study(ExtendedTraining(runs="reports/published/extended_training_results.csv"))
    published = open_study(ExtendedTraining())
    assert published.is_published
    columns = ["strategy", "dataset", "model", "iteration", "mIoU"]
    pd.testing.assert_frame_equal(own.curves[columns], published.curves[columns])
    assert own.full_phases == published.full_phases


def test_a_section_is_a_part_of_the_claims():
    study = open_study(ExtendedTraining())
    part = study.claims[study.claims["section"] == "3"].reset_index(drop=True)
    pd.testing.assert_frame_equal(study.section("3"), part)
    with pytest.raises(KeyError, match="no claim in section '9'"):
        study.section("9")


def test_runs_of_ours_stand_beside_the_published_ones_where_they_bear_on_a_claim():
    claims = open_study(ExtendedTraining()).claims
    ours = claims.dropna(subset=["reproduced"])
    assert 0 < len(ours) < len(claims)
    assert (ours["reproduced_low"] <= ours["reproduced"]).all()
    assert set(ours["seeds"]) == {4}


def test_a_study_of_ours_that_is_not_there_is_looked_for_in_the_trace(tmp_path, monkeypatch):
    monkeypatch.setattr(study, "REPRODUCED", str(tmp_path / "none"))
    trace = Trace()
    monkeypatch.setattr(Path, "open", _seen(trace, Path.open))
    assert "reproduced" not in open_study(ExtendedTraining()).claims
    assert str(tmp_path / "none" / "study.json") in trace.read


def _seen(trace: Trace, opened):
    """``Path.open`` that tells ``trace``: an audit hook could not be removed again."""

    def tell(path, mode="r", *rest, **named):
        trace.hook("open", (str(path), mode, 0))
        return opened(path, mode, *rest, **named)

    return tell
