"""The checks a claim can name. Each takes (claim, case, **arguments) and returns a Verdict.

A new check is one function in the module of its subject and its name here.
"""

from collections.abc import Callable

from trainstudy.analysis.rules import budgets, gains, groups, internal, levels, patterns, setup
from trainstudy.analysis.verdict import Verdict

Rule = Callable[..., Verdict]

RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        gains.phase_gain,
        gains.relative_gain,
        gains.share_of_total,
        levels.level,
        levels.peak,
        levels.mean_peak,
        patterns.still_improving,
        patterns.negligible_after,
        groups.gain_difference,
        groups.peak_difference,
        groups.group_explanation,
        budgets.diminishing,
        budgets.highest_at,
        internal.table_share,
        internal.table_gain,
        internal.table_relative,
        internal.plain_ratio,
        internal.phase_length,
        internal.labels_within_training,
        internal.levels_match_gains,
        setup.last_iteration,
        setup.completed_count,
        setup.reached,
        setup.model_of_family,
        setup.documented,
        setup.confounded,
        setup.unpublished,
    )
}
