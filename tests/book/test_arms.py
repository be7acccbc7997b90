import re
from html import unescape

import pytest

from trainstudy.book import arms as chapter
from trainstudy.book.arms import LongerTraining, PlanArms, open_arms
from trainstudy.parameters import ParameterError
from trainstudy.training import arms

BONUS = {"frozen": 0.5, "stretched": -1.0, "fresh-16": 2.5, "cooldown-16": 2.0}


def score(seed, leg, at):
    """At the longer budget every arm has its bonus; seeds are two points apart."""
    return 40 + 2 * seed + BONUS.get(leg.name, 0.0) * (at == 16)


@pytest.fixture
def opened(write_study):
    """A maker of the chapter's study."""
    return lambda split="test", **how: open_arms(
        LongerTraining.checked(study=str(write_study(score, **how)), split=split)
    )


def cells(html):
    """The rows of a table as the page shows them."""
    rows = re.findall(r"<tr>(.*?)</tr>", html._repr_html_(), flags=re.DOTALL)
    return [
        [
            unescape(re.sub(r"<[^>]*>", "", cell)).replace("\xa0", " ")
            for cell in re.findall(r"<t[dh].*?</t[dh]>", row)
        ]
        for row in rows
    ]


@pytest.mark.parametrize(("split", "level"), [("test", 38.0), ("val", 41.0)])
def test_gains_are_those_of_the_split(opened, split, level):
    _, *rows = cells(chapter.gains_table(opened(split)))
    assert [row[:2] for row in rows] == [[a, b] for a in arms.ARMS for b in ("8", "16")]
    shown = {row[0]: row[2:] for row in rows if row[1] == "16"}
    assert shown["frozen"][:3] == ["no", f"{level + 0.5:.2f}", "+0.50 (+0.50 to +0.50)"]
    assert shown["stretched"][2] == "−1.00 (−1.00 to −1.00)"
    assert [shown[arm][0] for arm in arms.ARMS] == ["no", "no", "yes", "yes"]
    assert [shown[arm][3] for arm in arms.ARMS] == ["16", "16", "24", "18"]
    for row in rows:
        if row[1] == "8":
            assert row[3:] == [f"{level:.2f}", "–", "8"]


def test_the_verdicts_set_every_arm_beside_the_reports(opened):
    text = repr(chapter.verdicts(opened()))
    for arm, gain in (("frozen", "+0.50"), ("stretched", "−1.00"), ("cooldown", "+2.00")):
        assert f"{arm}: {gain} ({gain} to {gain}) mIoU points at 2 times the base" in text
    for level in ("+2.00 (+2.00 to +2.00)", "−1.50 (−1.50 to −1.50)"):
        told = f"the base, its level minus frozen's {level} (n = 2), below the noise floor."
        assert told in text
    # seeds two points apart: 1.96 sqrt(2 x 2 / 2), and what a t test of two pairs makes of it
    assert "noise alone gives a gain up to 2.77; the smallest gain found" in text
    assert "with a power of 80 % is 23.10." in text


def test_one_seed_shows_its_gains_and_claims_no_noise(opened):
    found = opened(seeds=(4,))
    _, *rows = cells(chapter.gains_table(found))
    assert [row[4] for row in rows if row[0] == "fresh"] == ["–", "+2.50 (–)"]
    text = repr(chapter.verdicts(found))
    assert "fresh: +2.50 (–) mIoU points at 2 times the base" in text
    assert "One seed tells no noise." in text
    tables = chapter.domains_table(found), chapter.gains_table(found)
    assert "nan" not in text + "".join(one._repr_html_() for one in tables)


def test_domains_are_told_apart_at_the_longest_budget(opened):
    _, *rows = cells(chapter.domains_table(opened()))
    assert [row[:2] for row in rows] == [[d, a] for d in ("all", "day", "dusk") for a in arms.ARMS]
    levels = {row[0]: row[2] for row in rows if row[1] == "frozen"}
    assert levels == {"all": "38.50", "day": "43.50", "dusk": "33.50"}


def test_the_reports_phases_are_scaled_to_the_studys_base(opened, write_study):
    rising = write_study(lambda seed, leg, at: 40 + at / 80, base=160)
    found = open_arms(LongerTraining.checked(study=str(rising), split="val"))
    _, *rows = cells(chapter.phases_table(found))
    assert [row[0] for row in rows] == ["1× to 1.125×", "1.125× to 2×", "2× to 3×", "3× to 4×"]
    assert [row[1] for row in rows] == ["–", "+0.75", "+0.39", "+0.10"]
    assert [row[2] for row in rows] == ["+0.25", "+1.75", "–", "–"]  # trained to twice its base
    assert rows[1][3] == "+1.75 to +1.75"


def test_the_summary_counts_runs_and_iterations_once(opened):
    shown = dict(cells(chapter.summary(opened()))[1:])
    assert shown["seeds"] == "2"
    assert shown["runs"] == "12"  # seven legs a seed, one of them its parent going on
    assert shown["iterations trained"] == str(
        2 * arms.cost(arms.plan(8, [1, 2], cooldown_share=0.25))
    )
    assert (shown["devices"], shown["commits"]) == ("cpu", "0123456")


def test_a_split_without_scores_is_named(write_study):
    study = str(write_study(test=False))
    assert open_arms(LongerTraining.checked(study=study, split="val")).budgets == [8, 16]
    with pytest.raises(ValueError, match=r"'split': .*study has no test scores"):
        open_arms(LongerTraining.checked(study=study))
    with pytest.raises(ParameterError, match="'split': Input should be 'val' or 'test'"):
        LongerTraining.checked(study=study, split="train")


def test_the_plan_shows_its_legs_and_what_they_cost():
    parameters = PlanArms.checked(base=8, multiples=[1, 2], cooldown_share=0.25, seeds=[1, 2])
    html = chapter.plan(parameters)
    _, *rows = cells(html)
    assert [row[0] for row in rows] == [leg.name for leg in parameters.legs]
    assert rows[0][3] == "–"
    assert [row[3] for row in rows if row[0] == "cooldown-16"] == ["trunk"]
    total = sum(int(row[6]) for row in rows)
    assert f"{2 * total:,} iterations for 2 seed(s)." in html._repr_html_()


def test_training_is_done_where_it_is_asked_for(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(chapter, "train_arms", lambda given: asked.append(given) or tmp_path)
    assert "Nothing was trained" in repr(chapter.trained(PlanArms.checked(base=8)))
    assert not asked
    assert str(tmp_path) in repr(chapter.trained(PlanArms.checked(base=8, seeds=[3], train=True)))
    assert (asked[0].base, asked[0].seeds) == (8, [3])
