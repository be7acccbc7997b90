"""Draw the README's figure from the published results: ``make figure`` calls it."""

import matplotlib.pyplot as plt

from trainstudy.analysis.marginal import FULL_PHASES, marginal_gains
from trainstudy.book.tables import reported_gains
from trainstudy.figures.gains import phase_gains
from trainstudy.figures.style import style, to_svg
from trainstudy.paths import project_root
from trainstudy.reports import load_report
from trainstudy.runs.published import published

FILE = project_root() / "book" / "_static" / "phase_gains.svg"
# outside the book there is no page to take the ink from
COLOURS = "<style>svg{color:#1f2328} @media (prefers-color-scheme:dark){svg{color:#e6edf3}}</style>"


def draw() -> str:
    """The figure of the first chapter as a file of its own."""
    report = load_report(project_root() / "reports" / "extended_training")
    gains = marginal_gains(published().curves, FULL_PHASES, (FULL_PHASES[0],))
    with style():
        figure = phase_gains(gains, reported_gains(report))
        svg = to_svg(figure, "readme", "Mean mIoU gain of every training phase")
        plt.close(figure)
    return svg.replace(">", f">{COLOURS}", 1)


if __name__ == "__main__":
    FILE.write_text(draw())
