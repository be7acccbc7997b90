"""Which reading of the report's labels do the published curves support?

The report rests on validations during training, the published rows on tests of checkpoints. Both
used the same images, but no validation fell on a checkpoint except at the end, so a published level
is interpolated between two checkpoints. Nothing is interpolated across a break (the resume).
Errors are reported minus published; divided by their standard error (`z`) they let a noisy
configuration count for what it is worth, without leaving it out by hand.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from trainstudy.analysis.configurations import CONFIGURATION, add_family, levels, points
from trainstudy.analysis.intervals import RESAMPLES, SEED, Interval, mean_interval
from trainstudy.analysis.labels import HYPOTHESES, RESUMED_AT, TRAINING_END, Reading
from trainstudy.analysis.noise import between_checkpoints, floor_of_gain

KEY = ["strategy", "dataset", "family"]
FIGURE = [*KEY, "kind", "label"]
Curve = tuple[pd.Series, float]  # levels by iteration, sigma


def reported(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The report's levels (section 2) and gains (section 4) as rows for `fitted`.

    strategy, dataset, family, label, since (NaN for a level), mIoU, rounding (mIoU points).
    """
    levels_part = tables["performance"].melt(
        id_vars=KEY, value_vars=["mIoU_160k", "mIoU_240k", "mIoU_320k"], value_name="mIoU"
    )
    gains_part = tables["gains_by_configuration"].melt(id_vars=KEY, value_name="mIoU")
    both = pd.concat([levels_part.assign(rounding=0.05), gains_part.assign(rounding=0.005)])
    ends = both["variable"].str.findall(r"(\d+)k")  # 'gain_90k_160k' has two, 'mIoU_160k' one
    both["label"] = [int(found[-1]) * 1000 for found in ends]
    both["since"] = [int(found[0]) * 1000 if len(found) > 1 else np.nan for found in ends]
    return both.drop(columns="variable").reset_index(drop=True)


def fitted(
    figures: pd.DataFrame,
    curves: pd.DataFrame,
    hypotheses: Mapping[str, Reading] = HYPOTHESES,
    breaks: Sequence[int] = (RESUMED_AT,),
) -> pd.DataFrame:
    """Reported levels and their differences beside the published ones, for every hypothesis.

    `figures`: strategy, dataset, family, label, mIoU (a level, `since` absent or NaN) or the gain
    since the label `since`; `rounding`, half a unit of the last digit printed. Adds hypothesis,
    kind ('level', 'gain'), iteration, published, error, z. Rows whose iterations the published
    curve does not surround are left out.
    """
    known = _by_family(curves, breaks)
    rows = []
    for name, reading in hypotheses.items():
        for row in figures.to_dict("records"):
            key = tuple(row[k] for k in KEY)
            if key not in known:
                continue
            series, sigma = known[key]
            ends = [row["label"]] + ([row["since"]] if pd.notna(row.get("since")) else [])
            found = [interpolate(series, reading(label), breaks) for label in ends]
            value = found[0][0] - (found[1][0] if len(found) > 1 else 0.0)
            # One noise for each reported validation, and that of the interpolated checkpoints.
            variance = sigma**2 * sum(1 + weight for _, weight in found)
            variance += row["rounding"] ** 2 / 3
            error = row["mIoU"] - value
            rows.append(
                {
                    **{k: row[k] for k in KEY},
                    "hypothesis": name,
                    "label": row["label"],
                    "kind": "level" if len(found) == 1 else "gain",
                    "iteration": reading(row["label"]),
                    "reported": row["mIoU"],
                    "published": value,
                    "error": error,
                    "z": error / np.sqrt(variance),
                }
            )
    columns = [
        *KEY,
        "hypothesis",
        "label",
        "kind",
        "iteration",
        "reported",
        "published",
        "error",
        "z",
    ]
    return pd.DataFrame(rows, columns=columns).dropna(subset=["error"]).reset_index(drop=True)


def summary(fits: pd.DataFrame) -> pd.DataFrame:
    """hypothesis, kind, n, configurations, bias, rmse (mIoU points), rms_z (about 1 if it fits)."""
    rows = []
    for (hypothesis, kind), fit in fits.groupby(["hypothesis", "kind"], sort=False):
        rows.append(
            (
                hypothesis,
                kind,
                len(fit),
                len(fit[KEY].drop_duplicates()),
                fit["error"].mean(),
                _rms(fit["error"]),
                _rms(fit["z"]),
            )
        )
    names = ["hypothesis", "kind", "n", "configurations", "bias", "rmse", "rms_z"]
    return pd.DataFrame(rows, columns=names)


def advantage(fits: pd.DataFrame, a: str, b: str, column: str = "z") -> Interval:
    """Mean squared error of hypothesis b minus that of a, positive where a fits better.

    Only figures that both hypotheses place on the curve count; the interval resamples
    configurations, each with the mean over its figures. `column` is 'z' or 'error'.
    """
    squared = (
        fits.assign(squared=fits[column] ** 2)
        .pivot_table(index=FIGURE, columns="hypothesis", values="squared")
        .reindex(columns=[a, b])
        .dropna()
    )
    return mean_interval((squared[b] - squared[a]).groupby(level=KEY).mean())


def best_scale(
    figures: pd.DataFrame,
    curves: pd.DataFrame,
    scales: Sequence[float] = tuple(np.linspace(0.4, 1.1, 71)),
    breaks: Sequence[int] = (RESUMED_AT,),
    seed: int = SEED,
) -> Interval:
    """The s of `iteration = 80,000 + s (label - 80,000)` that fits best, without a hypothesis.

    Least squares of z over the grid `scales`; percentile interval over configurations. Counting
    validations since the resume predicts about two thirds, reading the labels as they stand one.
    Give it levels: gains since a label near the resume leave the curve at most scales.
    """
    readings = {f"{s}": _scaled(s) for s in scales}
    fits = fitted(figures, curves, readings, breaks)
    squared = (
        fits.assign(squared=fits["z"] ** 2)
        .pivot_table(index=FIGURE, columns="hypothesis", values="squared")
        .reindex(columns=list(readings))
        .dropna()
    )
    loss = squared.groupby(level=KEY).sum().to_numpy()
    n = len(loss)
    if n < 3:
        return Interval(np.nan, np.nan, np.nan, n)
    drawn = np.random.default_rng(seed).multinomial(n, [1 / n] * n, size=RESAMPLES) @ loss
    grid = np.asarray(scales)
    low, high = np.percentile(grid[drawn.argmin(axis=1)], [2.5, 97.5])
    return Interval(float(grid[loss.sum(axis=0).argmin()]), float(low), float(high), n)


def peak_labels(
    peaks: pd.DataFrame,
    curves: pd.DataFrame,
    hypotheses: Mapping[str, Reading] = HYPOTHESES,
    breaks: Sequence[int] = (RESUMED_AT,),
) -> pd.DataFrame:
    """Each reported peak label, read by each hypothesis, beside the curve after the resume.

    `peaks`: strategy, dataset, family, peak_label. Adds hypothesis, iteration, possible (not after
    the end of training), published_at_label, published_peak, published_peak_iteration, shortfall,
    noise_floor, consistent (shortfall within the noise floor: a flat curve contradicts no label on
    it). Unpublished configurations keep their row with NaN and consistent NA.
    """
    known = _by_family(curves, breaks)
    rows = []
    for name, reading in hypotheses.items():
        for row in peaks.to_dict("records"):
            iteration = reading(row["peak_label"])
            series, sigma = known.get(tuple(row[k] for k in KEY), (pd.Series(dtype=float), np.nan))
            late = series[series.index > RESUMED_AT]
            value = interpolate(series, iteration, breaks)[0]
            best = late.max() if len(late) else np.nan
            floor = float(floor_of_gain(sigma))
            comparable = not np.isnan(best - value - floor)
            rows.append(
                {
                    **{k: row[k] for k in KEY},
                    "hypothesis": name,
                    "peak_label": row["peak_label"],
                    "iteration": iteration,
                    "possible": 0 < iteration <= TRAINING_END,
                    "published_at_label": value,
                    "published_peak": best,
                    "published_peak_iteration": late.idxmax() if len(late) else np.nan,
                    "shortfall": best - value,
                    "noise_floor": floor,
                    "consistent": bool(best - value <= floor) if comparable else pd.NA,
                }
            )
    return pd.DataFrame(rows).astype({"consistent": "boolean"})


def interpolate(
    series: pd.Series, iteration: float, breaks: Sequence[int] = ()
) -> tuple[float, float]:
    """Level at an iteration, and the sum of squared weights of the checkpoints it is made from.

    (NaN, NaN) outside the curve, or between two checkpoints of which the first lies at or before a
    break and the second after it.
    """
    x, y = points(series)
    after = int(np.searchsorted(x, iteration))
    if after < len(x) and x[after] == iteration:
        return float(y[after]), 1.0
    if after in (0, len(x)) or any(x[after - 1] <= point < x[after] for point in breaks):
        return np.nan, np.nan
    weight = (iteration - x[after - 1]) / (x[after] - x[after - 1])
    return float((1 - weight) * y[after - 1] + weight * y[after]), weight**2 + (1 - weight) ** 2


def _by_family(curves: pd.DataFrame, breaks: Sequence[int]) -> dict[tuple[str, ...], Curve]:
    """Curve and noise of each (strategy, dataset, family), several models of a family averaged."""
    first = max(breaks, default=0)
    noise = between_checkpoints(curves, (first + 1, TRAINING_END)).set_index(CONFIGURATION)
    wide = levels(curves)
    table = add_family(wide.reset_index()[CONFIGURATION])
    found: dict[tuple[str, ...], Curve] = {}
    for key, group in table.groupby(KEY):
        members = pd.MultiIndex.from_frame(group[CONFIGURATION])
        sigma = noise["sigma_mean"].reindex(members)
        # strict mean: an iteration that one of the models lacks is a gap, not another model's level
        series = wide.loc[members].mean(axis=0, skipna=False).dropna()
        of_mean = float(np.sqrt((sigma**2).sum(skipna=False)) / len(members))
        found[tuple(map(str, key))] = series, of_mean
    return found


def _scaled(scale: float) -> Reading:
    return lambda label: RESUMED_AT + scale * (label - RESUMED_AT)


def _rms(values: pd.Series) -> float:
    return float(np.sqrt(np.mean(values**2)))
