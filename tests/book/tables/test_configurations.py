import re
from itertools import pairwise

import pytest

from trainstudy.analysis.pairs import gains
from trainstudy.book import tables
from trainstudy.book.show import budget


def test_every_configuration_and_phase_has_its_gain(study_of):
    study = study_of("replicates")
    every = tables.configuration_gains(study)
    assert len(every) == 4 * (len(study.phases) - 1)
    assert every["reported"].isna().all()
    for start, end in pairwise(study.phases):
        part = every[every["start"] == start].sort_values(["strategy", "dataset", "model"])
        assert part["gain"].tolist() == gains(study.curves, start, end).table["gain"].tolist()
    rows = re.findall("<tr>", tables.configuration_table(every)._repr_html_())
    assert len(rows) == every["configuration"].nunique() + 1


def test_figures_of_the_report_find_their_configuration_and_phase(study_of):
    study = study_of("the report's configurations")
    told = tables.reported_configuration_gains(study).set_index(["configuration", "start"])["gain"]
    assert told["gen_TSIT/BDD10k/segformer_mit-b5", 90_000] == 0.59
    assert told["gen_TSIT/BDD10k/segformer_mit-b5", 240_000] == -0.02
    assert "−0.02" in tables.configuration_table(tables.configuration_gains(study))._repr_html_()
    assert tables.reported_configuration_gains(study_of("its base only")).empty
    assert tables.reported_configuration_gains(study_of("many")).empty


@pytest.mark.parametrize("case", ["many", "three checkpoints", "two checkpoints", "published"])
def test_influence_is_of_the_last_two_phases(study_of, case):
    study = study_of(case)
    phases = re.findall(r"<td>([^<]+ → [^<]+)</td>", tables.influence(study, most=1)._repr_html_())
    assert len(phases) == min(2, len(study.phases) - 1)
    assert phases[-1].endswith(f" {budget(study.phases[-1])}")


def test_one_configuration_leaves_nothing_without_it(study_of):
    shown = tables.influence(study_of("one configuration"))._repr_html_()
    assert shown.count('<td class="none">–</td>') == 2 * 2  # mean with it and without it


def test_the_reports_noisiest_configuration_comes_first(study_of):
    shown = tables.reported_influence(study_of("many"), most=1)._repr_html_()
    assert shown.count("MapillaryVistas") == 2
