import re

import pandas as pd
import pytest

from trainstudy.analysis.recommend import cost_benefit, recommended_budgets
from trainstudy.book import tables


def test_costs_count_from_the_resume_and_from_the_first_phase(study_of):
    published = tables.costs(study_of("published"), cost_benefit)
    assert list(published) == ["counted from 80k", "counted from 90k"]
    for cost in published.values():
        assert cost.set_index("budget")["compute_multiple"].loc[160_000] == 2
    late = tables.costs(study_of("no resume"), cost_benefit)
    assert list(late) == ["counted from 90k"]
    assert late["counted from 90k"]["compute_multiple"].tolist() == [2, 3, 4]


def test_runs_of_another_length_are_costed_in_their_own_first_budget(study_of):
    study = study_of("many")
    (cost,) = tables.costs(study, cost_benefit).values()
    assert cost["compute_multiple"].tolist() == [at / study.phases[0] for at in study.phases[1:]]
    shown = tables.cost_table({"counted from 100": cost})._repr_html_()
    for row in cost.itertuples():
        assert f'data-value="{row.gain}">+{row.gain:.2f}<' in shown


def test_reported_costs_keep_the_reports_figures(study_of):
    told = tables.reported_costs(study_of("many"))
    assert dict(zip(told["compute_multiple"], told["gain"], strict=True)) == {2: 1.1, 4: 1.2}


@pytest.mark.parametrize(
    ("best", "worst", "expected"),
    [(160, 240, "160 to 240"), (160, None, "160 to –"), (None, None, "–")],
)
def test_a_recommendation_tells_its_range(study_of, best, worst, expected):
    frame = recommended_budgets(study_of("many").curves, budgets=study_of("many").phases)
    frame["budget_at_best"] = pd.array([best] * len(frame), dtype="Int64")
    frame["budget_at_worst"] = pd.array([worst] * len(frame), dtype="Int64")
    cells = re.findall(r"<td[^>]*>(.*?)</td>", tables.recommended(frame)._repr_html_())
    assert cells[2] == expected
    assert cells[0] == "75 %"
