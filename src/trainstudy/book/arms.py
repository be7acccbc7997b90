"""The chapters on the arms: the plan of a study, and what its runs say about training longer."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from trainstudy.analysis.arm_gains import TInterval, arm_gains, difference, phase_gains
from trainstudy.book.show import Html, interval, plain, sentences, signed, table
from trainstudy.files import read_json
from trainstudy.parameters import Parameters
from trainstudy.paths import project_root, resolve
from trainstudy.reports import load_report
from trainstudy.runs.record import RUN
from trainstudy.runs.studies import Study, curves, read_study, scores
from trainstudy.segmentation.train_arms import TrainArms, plan_rows, train_arms
from trainstudy.training import arms

FROZEN = "frozen"  # the arm that repeats the report


class LongerTraining(Parameters):
    """``study`` is a folder with a ``study.json``; ``split`` says which images give the figures."""

    study: str = "results/longer/camvid-segformer_b0"
    split: Literal["val", "test"] = "test"


class PlanArms(TrainArms):
    """A study's parameters, and whether to ``train`` it or only to show its plan."""

    train: bool = False


@dataclass(frozen=True)
class Arms:
    """A study that was trained, and the split its figures are of."""

    study: Study
    split: str

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Scores over all domains of the split."""
        found = scores(self.study)
        return found[found["split"] == self.split]

    @property
    def budgets(self) -> list[int]:
        return sorted(int(budget) for budget in self.scores["budget"].unique())

    @cached_property
    def curves(self) -> pd.DataFrame:
        return curves(self.study)

    def gains(self, domain: str = "all") -> pd.DataFrame:
        return arm_gains(self.scores[self.scores["domain"] == domain])


def open_arms(parameters: LongerTraining) -> Arms:
    """The study of a folder.

    Raises FileNotFoundError or ValueError naming it, or the split that it has no scores of.
    """
    found = Arms(read_study(resolve(parameters.study)), parameters.split)
    if found.scores.empty:
        raise ValueError(f"parameter 'split': {parameters.study} has no {parameters.split} scores")
    return found


def plan(parameters: TrainArms) -> Html:
    """The legs that would be trained, parents first, and what they cost."""
    frame = pd.DataFrame(plan_rows(parameters))
    frame["arms"] = frame["arms"].map(", ".join)
    frame["parent"] = frame["parent"].where(frame["parent"].notna(), None)
    total = arms.cost(parameters.legs) * len(parameters.seeds)
    heads = {
        "name": "Leg", "arms": "Arms", "schedule": "Schedule", "parent": "Starts from",
        "start": "At", "until": "Until", "iterations": "Iterations",
    }  # fmt: skip
    note = f"{total:,} iterations for {len(parameters.seeds)} seed(s)."
    return table(frame, heads, caption=note, sortable=False)


def summary(found: Arms) -> Html:
    """What was trained: model, data, seeds, iterations, device and commit."""
    given = found.study.parameters
    records = [
        read_json(found.study.folder / run / RUN)
        for run in dict.fromkeys(run for *_, run in found.study.legs)
    ]
    starts = [start for record in records for start in record["starts"]]
    rows: dict[str, Any] = {
        "model": given["model"],
        "data set": given["dataset"],
        "strategy": given["strategy"],
        "base": f"{given['base']:,} iterations",
        "seeds": len(given["seeds"]),
        "runs": len(records),
        "iterations trained": f"{sum(leg.until - leg.start for _, leg, _ in found.study.legs):,}",
        "devices": ", ".join(sorted({start["device"] for start in starts})),
        "commits": ", ".join(
            sorted({(start["commit"] or "")[:7] or "not recorded" for start in starts})
        ),
    }
    frame = pd.DataFrame({"name": list(rows), "value": [str(value) for value in rows.values()]})
    return table(frame, {"name": "Study", "value": ""}, sortable=False)


def gains_table(found: Arms, domain: str = "all") -> Html:
    """Level and gain of every arm at every budget, and what each took."""
    gains = found.gains(domain)
    longer = gains["budget"] > gains.groupby("arm")["budget"].transform("min")
    gains["gain"] = _gain_texts(gains).where(longer)
    legs = [leg for seed, leg, _ in found.study.legs if seed == found.study.legs[0][0]]
    gains["iterations"] = [
        arms.cost_of(legs, arm, budget) for arm, budget in gains[["arm", "budget"]].to_numpy()
    ]
    heads = {
        "arm": "Arm", "budget": "Budget", "answers": "Answered", "level": "mIoU",
        "gain": "Gain (95 % interval)", "iterations": "Iterations",
    }  # fmt: skip
    return table(gains, heads, sortable=False)


def domains_table(found: Arms) -> Html:
    """The gain of every arm at the longest budget in each domain."""
    parts = []
    for domain in sorted(found.scores["domain"].unique()):
        gains = found.gains(domain)
        parts.append(gains[gains["budget"] == found.budgets[-1]].assign(domain=domain))
    frame = pd.concat(parts)
    frame["gain"] = _gain_texts(frame)
    heads = {
        "domain": "Domain", "arm": "Arm", "level": "mIoU", "gain": "Gain (95 % interval)",
        "noise_floor": "Noise floor",
    }  # fmt: skip
    return table(frame, heads, sortable=False)


def phases_table(found: Arms) -> Html:
    """The report's phases, scaled to the study's base: what the arm that repeats it gained."""
    report = load_report(project_root() / "reports" / "extended_training")
    reported = report.tables["marginal_gains"]
    base = found.study.parameters["base"]
    scaled = [
        (round(start * base / report.design.base), round(end * base / report.design.base))
        for start, end in zip(reported["start"], reported["end"], strict=True)
    ]
    frozen = phase_gains(found.curves, FROZEN, scaled)
    frame = pd.DataFrame(
        {
            "phase": [
                f"{start / report.design.base:g}× to {end / report.design.base:g}×"
                for start, end in zip(reported["start"], reported["end"], strict=True)
            ],
            "reported": reported["mean_gain"],
            "frozen": frozen["gain"],
            "interval": [
                interval(*pair) for pair in zip(frozen["low"], frozen["high"], strict=True)
            ],
        }
    )
    heads = {
        "phase": "Phase", "reported": "Reported", "frozen": "Reproduced (frozen)",
        "interval": "95 % interval",
    }  # fmt: skip
    return table(frame, heads, {"reported": signed, "frozen": signed}, sortable=False)


def verdicts(found: Arms) -> Html:
    """What the gains at the longest budget say about the report's way of training longer."""
    gains, last = found.gains(), found.budgets[-1]
    at_last = gains[gains["budget"] == last].set_index("arm")
    lines = []
    for arm, row in at_last.iterrows():
        gain = TInterval(row["gain"], row["low"], row["high"], row["n"])
        line = f"{arm}: {_text(gain)} mIoU points at {last / found.budgets[0]:g} times the base"
        if arm != FROZEN and FROZEN in at_last.index:
            overall = found.scores[found.scores["domain"] == "all"]
            against = _text(difference(overall, str(arm), FROZEN, last))
            line += f", its level minus {FROZEN}'s {against}"
        below = ", below the noise floor" if abs(row["gain"]) < row["noise_floor"] else ""
        lines.append(f"{line} (n = {row['n']}){below}.")
    return sentences([*lines, _noise(at_last)])


def trained(parameters: PlanArms) -> Html:
    """Train the plan where that is asked for, and say where its study lies."""
    if not parameters.train:
        return sentences(["Nothing was trained: set train = True."])
    study = train_arms(TrainArms(**parameters.model_dump(exclude={"train"})))
    return sentences([f"Trained: {study}"])


def _noise(gains: pd.DataFrame) -> str:
    floor, smallest = gains["noise_floor"].max(), gains["resolvable"].max()
    if pd.isna(floor):
        return "One seed tells no noise."
    return (
        f"Between independent seeds, noise alone gives a gain up to {plain(floor)}; the smallest "
        f"gain found with a power of 80 % is {plain(smallest)}."
    )


def _gain_texts(gains: pd.DataFrame) -> pd.Series:
    rows = zip(gains["gain"], gains["low"], gains["high"], gains["n"], strict=True)
    texts = [_text(TInterval(*row)).replace(" ", "\N{NO-BREAK SPACE}") for row in rows]
    return pd.Series(texts, index=gains.index)


def _text(found: TInterval) -> str:
    return f"{signed(found.value)} ({interval(found.low, found.high)})"
