import re

from trainstudy.analysis.performance import levels_at, peaks
from trainstudy.book import tables
from trainstudy.runs.curves import configuration


def test_levels_stand_at_their_budgets_and_gaps_are_dashes(study_of):
    study = study_of("nothing shared")
    frame = levels_at(study.curves, [10, 11])
    shown = tables.levels(frame)._repr_html_()
    assert shown.count('<td class="none">–</td>') == 2
    for value in frame[[10, 11]].stack().dropna():
        assert f'data-value="{value}">{value:.2f}<' in shown


def test_every_peak_is_named_with_the_split_it_was_selected_on(study_of):
    for case, split in (("both splits", "val"), ("validation", "val"), ("many", "test")):
        best = tables.named(peaks(study_of(case).curves))
        shown = tables.peaks(best)._repr_html_()
        assert f"Peaks selected on: {split}." in shown
        text = re.sub("<wbr>", "", shown)
        assert all(name in text for name in configuration(study_of(case).curves).unique())
    assert "Peaks selected on: –." in tables.peaks(best.iloc[:0])._repr_html_()


def test_reported_peaks_take_the_names_of_these_curves(study_of):
    told = tables.reported_peaks(study_of("the report's configurations"))
    labels = told.set_index("configuration")["label"]
    assert labels["gen_TSIT/BDD10k/segformer_mit-b5"] == 190_000
    assert labels["gen_cycleGAN/BDD10k/pspnet_r50"] == 450_000
    assert tables.reported_peaks(study_of("many")).empty
