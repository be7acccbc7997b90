"""The arms of training longer as a plan: which legs are trained, from where, under which schedule.

A pure function of a few numbers. What several arms share is one leg, trained once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from trainstudy.training.schedules.constant import Constant
from trainstudy.training.schedules.cooldown import Cooldown
from trainstudy.training.schedules.poly import Poly

ARMS = ("frozen", "stretched", "fresh", "cooldown")


@dataclass(frozen=True)
class Leg:
    """Iterations ``start + 1`` to ``until`` under one schedule.

    It begins with the ``parent``'s checkpoint at ``start``, or from scratch without one; under the
    parent's own schedule it is the parent going on. Its model at iteration b is the result of each
    of ``arms`` at budget b, for every b in ``budgets``.
    """

    name: str
    arms: tuple[str, ...]
    schedule: str
    start: int
    until: int
    budgets: tuple[int, ...]
    parent: str | None = None

    @property
    def answers(self) -> bool:
        """Whether its results are what a training planned for their budget would have given: all
        rates behind them belong to one decay, which ends there."""
        return self.parent is None or "cooldown" in self.arms


def plan(
    base: int,
    multiples: Sequence[int] = (1, 2, 3, 4),
    arms: Sequence[str] = ARMS,
    *,
    cooldown_share: float = 0.2,
    warmup: int = 0,
    floor: float = 1e-6,
    power: float = 0.9,
) -> list[Leg]:
    """The legs that give every arm's result at every multiple of ``base``, parents first.

    A cooldown lasts ``cooldown_share`` of its budget; ``floor`` and ``power`` default to the
    published study's. Raises ValueError naming the parameter that makes no sense.
    """
    if base < 2:
        raise ValueError(f"parameter 'base': a decay takes at least 2 iterations, got {base}")
    if list(multiples[:1]) != [1] or any(a >= b for a, b in pairwise(multiples)):
        raise ValueError(f"parameter 'multiples': must increase from 1, got {list(multiples)}")
    if unknown := sorted(set(arms) - set(ARMS)):
        raise ValueError(f"parameter 'arms': unknown {unknown}; accepted: {', '.join(ARMS)}")
    if not 0 < cooldown_share < 1:
        raise ValueError(f"parameter 'cooldown_share': must be in (0, 1), got {cooldown_share}")
    if not 0 <= warmup < base:
        raise ValueError(f"parameter 'warmup': must be shorter than {base}, got {warmup}")
    budgets = [base * multiple for multiple in multiples]
    poly = partial(Poly, warmup=warmup, power=power, floor=floor)
    legs = list(_decays(budgets, arms, poly))
    if "cooldown" in arms:
        legs += _cooldowns(budgets, cooldown_share, warmup, floor)
    return legs


def _decays(
    budgets: Sequence[int], arms: Sequence[str], poly: Callable[..., Poly]
) -> Iterator[Leg]:
    """The base run, and the arms that start from it or stand beside it."""
    base, last, longer = budgets[0], budgets[-1], tuple(budgets[1:])
    ends = {"frozen": base, "stretched": last}
    if sharing := tuple(arm for arm in (*ends, "fresh") if arm in arms):
        yield Leg("base", sharing, str(poly(end=base)), 0, base, (base,))
    for arm, end in ends.items():
        if longer and arm in arms:
            yield Leg(arm, (arm,), str(poly(end=end)), base, last, longer, "base")
    if "fresh" in arms:
        for budget in longer:
            yield Leg(f"fresh-{budget}", ("fresh",), str(poly(end=budget)), 0, budget, (budget,))


def _cooldowns(budgets: Sequence[int], share: float, warmup: int, floor: float) -> Iterator[Leg]:
    """One trunk, as long as the last branch needs, and a branch that ends at each budget."""
    starts = [budget - round(share * budget) for budget in budgets]
    if not 1 <= starts[0] <= budgets[0] - 2:
        raise ValueError(
            f"parameter 'cooldown_share': {share} of {budgets[0]} iterations does not leave at "
            "least 1 to the trunk and 2 to the cooldown"
        )
    if warmup > starts[0]:
        raise ValueError(
            f"parameter 'warmup': must end before the first cooldown, at {starts[0]}, got {warmup}"
        )
    constant = str(Constant(warmup=warmup))
    yield Leg("trunk", ("cooldown",), constant, 0, starts[-1], ())
    for start, end in zip(starts, budgets, strict=True):
        schedule = str(Cooldown(warmup=warmup, start=start, end=end, floor=floor))
        yield Leg(f"cooldown-{end}", ("cooldown",), schedule, start, end, (end,), "trunk")


def cost(legs: Iterable[Leg]) -> int:
    """The iterations that are trained."""
    return sum(leg.until - leg.start for leg in legs)


def cost_of(legs: Iterable[Leg], arm: str, budget: int) -> int:
    """The iterations that the arm's results up to ``budget`` took, what they share counted once.

    A trunk counts as far as its last branch needed it.
    """
    own = [leg for leg in legs if arm in leg.arms]
    used = {leg.name: [at for at in leg.budgets if at <= budget] for leg in own}
    for leg in own:
        if used[leg.name] and leg.parent:
            used[leg.parent].append(leg.start)
    return sum(max(used[leg.name], default=leg.start) - leg.start for leg in own)


def keep(leg: Leg, legs: Iterable[Leg]) -> list[int]:
    """The iterations whose checkpoints ``leg`` keeps: its budgets, and where its children start."""
    return sorted({*leg.budgets, *(child.start for child in legs if child.parent == leg.name)})


def result(legs: Iterable[Leg], arm: str, budget: int) -> Leg:
    """The leg whose model at iteration ``budget`` is the arm's result there, in every arm.

    Raises ValueError naming the budgets that the arm has.
    """
    own = [leg for leg in legs if arm in leg.arms]
    for leg in own:
        if budget in leg.budgets:
            return leg
    planned = sorted(number for leg in own for number in leg.budgets)
    raise ValueError(f"arm {arm!r} has no result at budget {budget}; it has: {planned}")
