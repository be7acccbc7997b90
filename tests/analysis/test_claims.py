from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from trainstudy.analysis.claims import COLUMNS, check_all
from trainstudy.analysis.verdict import Status
from trainstudy.reports import Claim
from trainstudy.runs.curves import empty

STATUSES = set(Status.__args__)
INTERNAL = {
    "table_share",
    "table_gain",
    "table_relative",
    "plain_ratio",
    "phase_length",
    "labels_within_training",
    "levels_match_gains",
    "documented",
    "confounded",
}


@pytest.fixture(scope="module")
def verdicts(report, published):
    return check_all(report, published)


def test_every_claim_has_one_row_a_status_and_a_sentence(report, verdicts):
    assert verdicts["id"].tolist() == [claim.id for claim in report.claims]
    assert verdicts.columns.tolist() == COLUMNS
    assert set(verdicts["status"]) == STATUSES  # the report gives an example of each
    assert verdicts["evidence"].str.endswith(".").all()


def test_every_gain_of_section_4_by_plain_arithmetic(verdicts, report, plain):
    models = {"PSPNet": "pspnet_r50", "SegFormer": "segformer_mit-b5"}
    claims = {claim.id: claim for claim in report.claims}
    rows = verdicts[(verdicts["section"] == "4") & (verdicts["rule"] == "phase_gain")]
    assert len(rows) == 30
    for row in rows.to_dict("records"):
        a = claims[row["id"]].arguments
        curve = plain.get((a["strategy"], a["dataset"], models[a["family"]]), {})
        if a["start"] not in curve or a["end"] not in curve:
            assert row["status"] == "not checkable"
            continue
        gain = curve[a["end"]] - curve[a["start"]]
        assert row["recomputed"] == pytest.approx(gain)
        inside = abs(row["reported"] - gain) <= row["noise_floor"] + 0.005
        small = abs(gain) < row["noise_floor"]
        assert row["status"] == (
            "contradicted" if not inside else "below the noise floor" if small else "confirmed"
        )


def test_relations_the_published_rows_bear_out(verdicts):
    status = verdicts.set_index("id")["status"]
    assert status["baseline-phase"] == "contradicted"  # 80k to 90k is no baseline
    assert status["budget-share-160000-own"] == "contradicted"  # 75 % against its own 60 %
    assert status["cost-160000-own"] == "contradicted"  # 1.1 against its own 0.75
    assert status["share-first-80k-extended"] == "confirmed"
    assert status["model-pspnet"] == "contradicted"
    assert (status.filter(like="peak-gen")[lambda s: s != "not checkable"] == "contradicted").all()


def test_sources_name_the_rows_of_both_ends(verdicts, published):
    row = verdicts.set_index("id").loc["gain-240k-320k-gen-cyclegan-idd-aw-pspnet"]
    found = published[published["source"].isin(row["sources"].split("; "))]
    assert found["iteration"].tolist() == [240_000, 320_000]
    assert set(found["strategy"] + found["dataset"] + found["model"]) == {
        "gen_cycleGANIDD-AWpspnet_r50"
    }


@pytest.mark.parametrize("curves", ["none", "other", "one level"])
def test_curves_that_bear_on_nothing_leave_claims_unchecked(report, make, curves):
    frames = {
        "none": empty(),
        "other": make({"mine/Town/unet": {i: 40.0 + i / 1e3 for i in range(100, 2000, 100)}}),
        "one level": make({"gen_TSIT/BDD10k/segformer_mit-b5": {160_000: 52.4}}),
    }
    table = check_all(report, frames[curves])
    from_curves = table[~table["rule"].isin([*INTERNAL, "last_iteration"])]
    impossible = from_curves["evidence"].str.startswith("No iteration")  # decided by the labels
    rest = from_curves[~impossible].set_index("id")["status"]
    lone = {  # no noise, no second configuration: seen, but nothing follows from it
        "level-160k-gen-tsit-bdd10k-segformer": "not identifiable",
        "mean-peak-bdd10k": "not identifiable",
        "model-segformer": "confirmed",
    }
    known = lone if curves == "one level" else {}
    assert rest[list(known)].to_dict() == known
    assert set(rest.drop(list(known))) == {"not checkable"}
    whole = check_all(report, frames["none"]).set_index("id")["status"]
    internal = table[table["rule"].isin(INTERNAL)].set_index("id")["status"]
    assert internal.equals(whole[internal.index])


def test_replicates_and_val_only_curves_give_the_same_figures(report, published, verdicts):
    twice = pd.concat([published, published.assign(run="copy")], ignore_index=True)
    for curves in (twice, published.assign(split="val")):
        table = check_all(report, curves)
        pd.testing.assert_series_equal(table["recomputed"], verdicts["recomputed"])


def test_planted_curves_recover_planted_verdicts(report, make):
    """A gain of exactly 0.75 with known noise is confirmed, one of 0.1 contradicts 'at 0.75'."""

    def curve(gain, seed):
        rng = np.random.default_rng(seed)
        return {
            i: 40 + gain * (i - 90_000) / 70_000 + rng.normal(0, 0.02)
            for i in range(90_000, 160_001, 10_000)
        }

    claim = next(c for c in report.claims if c.id == "gain-90000-160000")
    only = replace(report, claims=(claim,))
    for gain, status in ((0.75, "confirmed"), (0.1, "contradicted")):
        planted = make({f"none/C{i}/pspnet_r50": curve(gain, i) for i in range(12)})
        assert check_all(only, planted)["status"].tolist() == [status]
    flat = make({f"none/C{i}/pspnet_r50": curve(0.0, i) for i in range(12)})
    tiny = replace(report, claims=(claim.model_copy(update={"reported": 0.003}),))
    assert check_all(tiny, flat)["status"].tolist() == ["below the noise floor"]


def test_an_unknown_rule_or_argument_names_the_claim(report, published):
    words = {"id": "bad", "section": "1", "place": "p", "text": "t"}
    unknown = replace(report, claims=(Claim(**words, rule="phase_gian"),))
    with pytest.raises(ValueError, match=r"claim bad: unknown rule 'phase_gian', one of .*phase_g"):
        check_all(unknown, published)
    extra = replace(report, claims=(Claim(**words, rule="phase_gain", arguments={"begin": 1}),))
    with pytest.raises(ValueError, match=r"claim bad, rule phase_gain: .*'start'"):
        check_all(extra, published)
