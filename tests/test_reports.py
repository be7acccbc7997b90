from pathlib import Path

import pytest

from trainstudy.analysis.rules import RULES
from trainstudy.reports import load_report

FOLDER = Path(__file__).parents[1] / "reports" / "extended_training"

CLAIMS = """
design: {base: 80000, training_end: 320000, seeds: 1}
cells:
  - {table: t, column: gain, section: "1", id: "gain-{row}", place: "row {row}",
     text: "{row} gains {value}.", rule: phase_gain, keys: {family: name}, unit: mIoU}
claims:
  - {id: words, section: "0", place: top, text: It grows., rule: phase_gain}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "t.csv").write_text("name,gain\nA b,+0.10\nC,\nD,-2.5\n")
    (tmp_path / "claims.yml").write_text(CLAIMS)
    return tmp_path


def test_filled_cells_become_claims(folder):
    report = load_report(folder)
    assert [claim.id for claim in report.claims] == ["words", "gain-a-b", "gain-d"]
    first = report.claims[1]
    assert (first.text, first.arguments) == ("A b gains +0.10.", {"family": "A b"})
    assert (first.reported, first.rounding) == (0.10, pytest.approx(0.005))
    assert report.claims[2].rounding == pytest.approx(0.05)
    assert report.tables["t"]["gain"].tolist()[::2] == [0.10, -2.5]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("column: gain", "column: loss", r"claims\.yml: cells 'gain-\{row\}': no loss in t\.csv"),
        ("rule: phase_gain}", "rul: phase_gain}", r"claims\.yml: (?s:.*)rul"),
        ("id: words", "id: gain-d", r"claims\.yml: claim id used twice: gain-d"),
        ("base: 80000", "base: 0", r"claims\.yml: (?s:.*)design\.base"),
        ("claims:", "claims: [", r"claims\.yml"),
    ],
)
def test_mistakes_are_named_with_their_file(folder, old, new, message):
    path = folder / "claims.yml"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(ValueError, match=message):
        load_report(folder)


def test_a_folder_without_claims_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"claims\.yml"):
        load_report(tmp_path)


def test_the_extended_report_is_whole():
    report = load_report(FOLDER)
    assert {claim.section for claim in report.claims} == set("0123456")
    assert {claim.rule for claim in report.claims} == set(RULES)  # none unknown, none unused
    shapes = {name: len(table) for name, table in report.tables.items()}
    assert shapes["performance"] == shapes["gains_by_configuration"] == 10
    # figures that prose repeats from a table stay equal to it
    reported = {claim.id: claim.reported for claim in report.claims}
    jobs = report.tables["jobs"].set_index("state")["jobs"]
    assert reported["total-completed"] == reported["summary-completed"] == jobs["completed"]
    assert reported["jobs-running"] == jobs["running"]
    assert reported["jobs-pending"] == jobs["pending"]
    technical = report.tables["technical"].set_index("item")["value"]
    assert reported["validation-interval"] == float(technical["validation interval"])
    assert reported["extended-iterations"] == float(technical["extended iterations"])
