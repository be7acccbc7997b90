import re

import pytest

from trainstudy.analysis import label_evidence, labels
from trainstudy.book import tables
from trainstudy.book.tables.labels import NONE
from trainstudy.figures.labels import label_errors


@pytest.fixture
def evidence(study_of):
    """The report's figures and their fit to the curves of a case."""

    def make(case: str):
        study = study_of(case)
        figures = label_evidence.reported(study.report.tables)
        return study, figures, label_evidence.fitted(figures, study.curves)

    return make


def test_every_reading_of_a_label_is_shown():
    shown = tables.hypotheses()._repr_html_()
    for reading in labels.HYPOTHESES.values():
        assert f">{reading(240_000):,.0f}<" in shown


def test_labels_within_training_and_after_it_add_up(study_of):
    told = study_of("published").report.tables["performance"]["peak_label"]
    shown = tables.admissible(labels.admissible(told))._repr_html_()
    counts = list(map(int, re.findall(r'data-value="(\d+)"', shown)))
    assert [a + b for a, b in zip(counts[::2], counts[1::2], strict=True)] == [len(told)] * 3


@pytest.mark.parametrize("case", ["many", "its base only", "one configuration"])
def test_runs_without_the_reports_figures_get_one_sentence(evidence, case):
    study, figures, fits = evidence(case)
    assert tables.label_figure(fits, label_errors)._repr_html_() == f"<p>{NONE}</p>"
    assert tables.label_summary(fits)._repr_html_() == f"<p>{NONE}</p>"
    assert tables.label_advantage(study, figures, fits) == [NONE]
    assert tables.peak_labels(study)._repr_html_() == f"<p>{NONE}</p>"


@pytest.mark.parametrize("case", ["two of the report's", "its ends only"])
def test_too_few_configurations_are_no_evidence(evidence, case):
    lines = tables.label_advantage(*evidence(case))
    assert len(lines) == 3
    assert all("at least three" in line for line in lines)


def test_the_published_rows_speak_in_numbers(evidence):
    study, figures, fits = evidence("published")
    lines = tables.label_advantage(study, figures, fits)
    assert len(lines) == 3
    part = fits[fits["kind"] == "level"]
    names = list(labels.HYPOTHESES)
    found = label_evidence.advantage(part, names[2], names[0])
    assert f"by {-found.value:+.2f} (".replace("-", "−") in lines[0]
    assert ("does not reach zero" in lines[0]) == (found.low * found.high > 0)
    assert "<svg" in tables.label_figure(fits, label_errors)._repr_html_()
    assert tables.label_summary(fits)._repr_html_().count("<tr>") == 1 + len(
        fits.groupby(["hypothesis", "kind"])
    )


def test_unpublished_configurations_keep_their_row_with_dashes(study_of):
    shown = tables.peak_labels(study_of("two of the report's"))._repr_html_()
    told = study_of("published").report.tables["performance"]
    assert shown.count("<tr>") == 1 + 3 * len(told)
    assert '<td class="none">–</td>' in shown
    assert re.search(r"<td>(yes|no)</td>", shown)
