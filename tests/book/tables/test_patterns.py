import re

import pytest

from trainstudy.analysis.patterns import saturation
from trainstudy.book import tables
from trainstudy.book.show import NOTHING


def test_bounds_grow_and_lie_within_the_phases(study):
    (start, late, end), middle = tables.pattern_bounds(study)
    assert start < late < end
    assert start == study.phases[0]
    assert start <= middle <= end
    if len(study.phases) > 2:
        assert (late, end) == study.phases[-2:]


def test_a_single_phase_is_halved_at_an_evaluated_iteration(study_of):
    study = study_of("its ends only")
    assert tables.pattern_bounds(study)[0] == (160_000, 160_001, 320_000)
    whole = study_of("the report's configurations")
    single = type(study)(whole.curves, (80_000, 320_000), whole.report, whole.origin)
    assert tables.pattern_bounds(single)[0] == (80_000, 200_000, 320_000)


def test_every_configuration_is_counted_in_one_pattern(study):
    frame = tables.named(saturation(study.curves, *tables.pattern_bounds(study)))
    assert tables.patterns(frame)._repr_html_().count("<tr>") == 1 + max(1, len(frame))
    counts = re.findall(r'data-value="(\d+)"', tables.pattern_counts(frame)._repr_html_())
    assert sum(map(int, counts)) == len(frame)


def test_a_rising_and_a_falling_study_differ(study_of):
    def found(case: str) -> set[str]:
        study = study_of(case)
        return set(saturation(study.curves, *tables.pattern_bounds(study))["pattern"])

    assert found("falling") == found("flat") == {"undetermined"}
    assert "undetermined" not in found("many")


@pytest.mark.parametrize("case", ["one configuration", "nothing shared"])
def test_without_a_partner_nothing_is_compared(study_of, case):
    assert NOTHING in tables.differences(study_of(case))._repr_html_()


def test_models_and_data_sets_are_compared_in_pairs(study_of):
    shown = tables.differences(study_of("many"))._repr_html_()
    assert "PSPNet − SegFormer" in shown
    assert "CityA − CityB" in shown
    assert re.findall(r'data-value="(\d+)">\d+</td></tr>', shown) == ["4", "4"]
    odd = tables.differences(study_of("odd names"))._repr_html_()
    assert "<script>" not in odd
