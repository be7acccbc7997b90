"""The tables of the chapters, one module a section: data frames in, HTML out."""

from trainstudy.book.tables.budgets import (
    cost_table,
    costs,
    recommended,
    reported_costs,
)
from trainstudy.book.tables.configurations import (
    configuration_gains,
    configuration_table,
    influence,
    reported_configuration_gains,
    reported_influence,
)
from trainstudy.book.tables.details import coverage, provenance, status
from trainstudy.book.tables.labels import (
    admissible,
    hypotheses,
    label_advantage,
    label_figure,
    label_summary,
    peak_labels,
)
from trainstudy.book.tables.patterns import differences, pattern_bounds, pattern_counts, patterns
from trainstudy.book.tables.performance import levels, named, peaks, reported_peaks
from trainstudy.book.tables.phases import (
    largest_phase,
    phase_gains,
    phase_shares,
    reported_gains,
)

__all__ = [
    "admissible",
    "configuration_gains",
    "configuration_table",
    "cost_table",
    "costs",
    "coverage",
    "differences",
    "hypotheses",
    "influence",
    "label_advantage",
    "label_figure",
    "label_summary",
    "largest_phase",
    "levels",
    "named",
    "pattern_bounds",
    "pattern_counts",
    "patterns",
    "peak_labels",
    "peaks",
    "phase_gains",
    "phase_shares",
    "provenance",
    "recommended",
    "reported_configuration_gains",
    "reported_costs",
    "reported_gains",
    "reported_influence",
    "reported_peaks",
    "status",
]
