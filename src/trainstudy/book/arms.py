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
        "commits": ", ".join(sorted({str(start["commit"])[:7] for start in starts})),
    }
    frame = pd.DataFrame({"name": list(rows), "value": [str(value) for value in rows.values()]})
    return table(frame, {"name": "Study", "value": ""}, sortable=False)


def gains_table(found: Arms, domain: str = "all") -> Html:
    """Level and gain of every arm at every budget."""
    gains = found.gains(domain)
    longer = gains["budget"] > gains.groupby("arm")["budget"].transform("min")
    gains["interval"] = [
        interval(low, high) for low, high in zip(gains["low"], gains["high"], strict=True)
    ]
    gains["gain"] = gains["gain"].where(longer)
    heads = {
        "arm": "Arm", "budget": "Budget", "answers": "Answers", "level": "mIoU", "gain": "Gain",
        "interval": "95 % interval", "noise_floor": "Noise floor", "resolvable": "Resolvable",
        "n": "Seeds",
    }  # fmt: skip
    return table(gains, heads, {"gain": signed, "answers": plain})


def domains_table(found: Arms) -> Html:
    """The gain of every arm at the longest budget in each domain."""
    rows = []
    for domain in sorted(found.scores["domain"].unique()):
        gains = found.gains(domain)
        last = gains[gains["budget"] == found.budgets[-1]]
        for row in last.to_dict("records"):
            rows.append({**row, "domain": domain, "interval": interval(row["low"], row["high"])})
    heads = {
        "domain": "Domain", "arm": "Arm", "level": "mIoU", "gain": "Gain",
        "interval": "95 % interval", "noise_floor": "Noise floor",
    }  # fmt: skip
    return table(pd.DataFrame(rows), heads, {"gain": signed})


def phases_table(found: Arms) -> Html:
    """The report's phases, scaled to the study's base: what the arm that repeats it gained."""
    report = load_report(project_root() / "reports" / "extended_training")
    reported = report.tables["marginal_gains"]
    base = found.study.parameters["base"]
    scaled = [
        (round(start * base / report.design.base), round(end * base / report.design.base))
        for start, end in zip(reported["start"], reported["end"], strict=True)
    ]
    frozen = phase_gains(found.curves, "frozen", scaled)
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
    multiple = f"{last / found.budgets[0]:g}"
    lines = [
        f"{arm}: {multiple} times the base brings {_with_interval(row)} mIoU points "
        f"(n = {row['n']}); {_noise(row['noise_floor'])}."
        for arm, row in at_last.iterrows()
    ]
    for arm in ("fresh", "cooldown", "stretched"):
        if {arm, "frozen"} <= set(at_last.index):
            found_difference = difference(found.scores[found.scores["domain"] == "all"], arm,
                                          "frozen", last)  # fmt: skip
            lines.append(
                f"At {multiple} times the base, {arm} stands {_text(found_difference)} mIoU points "
                "from frozen, the report's way."
            )
    return sentences(lines)


def _noise(floor: float) -> str:
    known = floor == floor
    return f"noise alone gives up to {plain(floor)}" if known else "one seed tells no noise"


def _with_interval(row: pd.Series) -> str:
    return _text(TInterval(row["gain"], row["low"], row["high"], row["n"]))


def _text(found: TInterval) -> str:
    return f"{signed(found.value)} ({interval(found.low, found.high)})"


def trained(parameters: PlanArms) -> Html:
    """Train the plan where that is asked for, and say where its study lies."""
    if not parameters.train:
        return sentences(["Nothing was trained: set train = True."])
    study = train_arms(TrainArms(**parameters.model_dump(exclude={"train"})))
    return sentences([f"Trained: {study}"])
