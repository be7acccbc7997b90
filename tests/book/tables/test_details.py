import re

import pytest

from trainstudy.book import tables
from trainstudy.book.study import ExtendedTraining, open_study
from trainstudy.runs.coverage import coverage


def test_a_mark_stands_where_a_configuration_was_evaluated(study_of):
    study = study_of("nothing shared")
    table = coverage(study.curves, [10, 11])
    rows = re.findall("<tr>(.*?)</tr>", tables.coverage(table, [10, 11])._repr_html_())[1:]
    assert [[mark in row for mark in "●·"] for row in rows] == [[True, True]] * 2
    assert [row.index("●") < row.index("·") for row in rows] == [True, False]


def test_states_of_published_rows_are_what_their_last_iteration_tells(study_of):
    study = study_of("published")
    last = study.curves.groupby(["strategy", "dataset", "model"])["iteration"].max()
    shown = tables.status(study)._repr_html_()
    values = list(map(int, re.findall(r'data-value="(\d+)"', shown)))
    assert sum(values) == len(last)
    assert sum(values[::2]) == (last == study.report.design.training_end).sum()


def test_states_of_own_runs_stand_under_canonical_names(study_of):
    shown = tables.status(study_of("two names of one"))._repr_html_()
    assert re.findall("<td>([^<]*)</td>", shown) == ["n", "BDD10k", "n", "IDD-AW"]


def test_renamed_and_dropped_rows_are_accounted_for(study_of):
    shown = tables.provenance(study_of("published"))._repr_html_()
    assert shown.count("<table") == 2
    for row in study_of("published").origin.resolved.itertuples():
        assert row.dropped.split(":")[1] in shown
    own = tables.provenance(study_of("two names of one"))._repr_html_()
    assert "Name in your files" in own
    assert "under another name" in own
    assert "Everything" in tables.provenance(study_of("many"))._repr_html_()


def test_what_a_reader_left_out_is_listed_with_file_and_line(tmp_path):
    path = tmp_path / "runs.csv"
    good = [f"none,City,m,{at},40.{at:05d}" for at in range(1, 1500)]
    rows = ["strategy,dataset,model,iteration,mIoU", *good, "none,City,m,1500,<b>", *good[:1]]
    path.write_text("\n".join(rows) + "\n")
    study = open_study(ExtendedTraining(runs=str(path)))
    shown = tables.provenance(study)._repr_html_()
    assert re.search(r'data-value="1501">1501<', shown), "a line number has no separators"
    assert "runs.csv" in shown
    assert "<b>" not in shown


@pytest.mark.parametrize("case", ["many", "published"])
def test_there_is_always_something_to_say(study_of, case):
    for table in (tables.status, tables.provenance):
        assert repr(table(study_of(case)))
