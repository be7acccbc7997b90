"""Section 4: gains of single configurations, and what one of them does to a mean."""

from itertools import pairwise

import pandas as pd

from trainstudy.analysis.influence import influence as by_mean
from trainstudy.analysis.influence import reported_influence as by_reported_mean
from trainstudy.analysis.noise import between_checkpoints, floor_of_gain, noise_of
from trainstudy.analysis.pairs import gains
from trainstudy.book.show import Html, budget, signed, table
from trainstudy.book.study import Study
from trainstudy.book.tables.performance import named
from trainstudy.runs import aliases


def configuration_gains(study: Study) -> pd.DataFrame:
    """Long form: configuration, start, end, gain, noise_floor (mIoU points), reported gain."""
    noise = between_checkpoints(study.curves, (study.phases[0], study.phases[-1]), study.breaks)
    parts = []
    for start, end in pairwise(study.phases):
        part = gains(study.curves, start, end).table
        floor = floor_of_gain(noise_of(part, noise))
        parts.append(named(part).assign(start=start, end=end, noise_floor=floor))
    every = pd.concat(parts, ignore_index=True)
    every["family"] = every["model"].map(aliases.family)
    told = _reported(study).drop(columns="configuration")
    keys = ["strategy", "dataset", "family", "start", "end"]
    merged = every.merge(told.rename(columns={"gain": "reported"}), on=keys, how="left")
    return merged.sort_values(["dataset", "model", "strategy", "start"], ignore_index=True)


def reported_configuration_gains(study: Study) -> pd.DataFrame:
    """The report's gains by the names of these curves' configurations."""
    every = configuration_gains(study)
    told = every.dropna(subset=["reported"]).drop(columns="gain")
    return told.rename(columns={"reported": "gain"})[["configuration", "start", "end", "gain"]]


def configuration_table(every: pd.DataFrame) -> Html:
    """One row a configuration, its noise floor, and reported and recomputed gain of each phase."""
    columns = []
    for (start, end), part in every.groupby(["start", "end"]):
        phase, rows = f"{budget(start)} → {budget(end)}", part.set_index("configuration")
        columns += [rows["reported"].rename(f"{phase} reported")]
        columns += [rows["gain"].rename(f"{phase} recomputed")]
    gained = [str(column.name) for column in columns]
    # one noise floor a configuration: it is that of any two of its checkpoints
    columns.append(every.groupby("configuration", sort=False)["noise_floor"].max())
    shown = pd.concat(columns, axis=1).reset_index(names="configuration")
    headings = {"configuration": "Configuration", **{name: name for name in gained}}
    headings["noise_floor"] = "Noise floor"
    return table(shown, headings, dict.fromkeys(gained, signed), "Gains in mIoU points.")


def influence(study: Study, most: int = 3) -> Html:
    """The configurations that move the mean gain of the last two phases the most."""
    parts = [
        by_mean(gains(study.curves, start, end).table).assign(start=start, end=end).head(most)
        for start, end in pairwise(study.phases[-3:])
    ]
    rows = [named(part) for part in parts if len(part)]
    return _influence(pd.concat(rows) if rows else None)


def reported_influence(study: Study, most: int = 3) -> Html:
    """The same for the report's own means and levels."""
    completed = next(c.reported for c in study.report.claims if c.id == "total-completed")
    frame = by_reported_mean(study.report.tables, int(completed or 0))
    top = frame.groupby(["start", "end"]).head(most).sort_values("start", kind="stable")
    parts = ["strategy", "dataset", "family"]
    return _influence(top.assign(configuration=top[parts].agg("/".join, axis=1)))


def _influence(frame: pd.DataFrame | None) -> Html:
    headings = {
        "phase": "Phase",
        "configuration": "Left out",
        "gain": "Its gain",
        "mean": "Mean with it",
        "mean_without": "Mean without it",
    }
    if frame is None:
        return table(pd.DataFrame(columns=list(headings)), headings)
    shown = frame.assign(
        phase=[f"{budget(row.start)} → {budget(row.end)}" for row in frame.itertuples()],
        mean=frame["mean_without"] + frame["shift"],
    )
    formats = dict.fromkeys(("gain", "mean", "mean_without"), signed)
    return table(shown, headings, formats, "mIoU points.")


def _reported(study: Study) -> pd.DataFrame:
    told = study.report.tables["gains_by_configuration"]
    long = told.melt(id_vars=["strategy", "dataset", "family"], value_name="gain")
    bounds = long["variable"].str.extract(r"gain_(\d+)k_(\d+)k").astype(int) * 1000
    long["start"], long["end"] = bounds[0], bounds[1]
    long["configuration"] = long[["strategy", "dataset", "family"]].agg("/".join, axis=1)
    return long.drop(columns="variable")
