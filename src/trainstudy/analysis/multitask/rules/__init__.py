"""The checks a claim on training strategies can name, besides those that need no curves at all.

Each takes (claim, trials, **arguments) and returns a Verdict; see `analysis.rules`.
"""

from trainstudy.analysis.multitask.rules import cells, chance, expected, printed
from trainstudy.analysis.rules import Rule, setup

_FROM_RUNS: tuple[Rule, ...] = (
    cells.ahead,
    cells.better,
    cells.better_balanced,
    cells.forgotten,
    cells.less_forgotten,
    cells.no_less_forgotten,
    cells.score,
    expected.best_of,
    expected.ends_higher_if_last,
    expected.guessed,
    expected.on_par,
)
_OTHERS: tuple[Rule, ...] = (
    chance.above_chance,
    chance.near_chance,
    printed.adds_up,
    printed.formula_followed,
    printed.formula_side,
    printed.formula_weight,
    printed.less_dominated,
    setup.confounded,
    setup.unpublished,
)
FROM_RUNS = {rule.__name__ for rule in _FROM_RUNS}
RULES: dict[str, Rule] = {rule.__name__: rule for rule in (*_FROM_RUNS, *_OTHERS)}
