"""Every chapter on extended training, cell by cell, on runs of every shape."""

import ast
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from matplotlib import pyplot as plt

import trainstudy.book.study
from trainstudy.book.show import Html
from trainstudy.book.study import Study
from trainstudy.paths import project_root

CHAPTERS = [
    path
    for path in sorted((project_root() / "notebooks").glob("*.ipynb"))
    if "ExtendedTraining.read" in path.read_text(encoding="utf-8")
]


class Page(HTMLParser):
    """What a reader sees; tags must be balanced and known, identifiers unique on the page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.texts: list[str] = []
        self.evidence: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        assert tag not in ("script", "b"), "a name of a run became a tag"
        self.ids += [value for name, value in attrs if name == "id"]
        assert dict(attrs).get("data-value", "0") not in ("nan", "True", "False", "None")
        if tag not in ("wbr", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs) -> None:
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        if "style" not in self.open:
            (self.evidence if "details" in self.open else self.texts).append(data)


def shown(chapter, **parameters: Any) -> list[Html]:
    """What the cells of a notebook display, executed in this process."""
    names: dict[str, Any] = {}
    values = []
    for cell in json.loads(chapter.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        body = ast.parse("".join(cell["source"])).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), chapter.name, "exec"), names)
        if "parameters" in cell["metadata"].get("tags", []):
            names |= parameters
        if last is not None:
            values.append(eval(compile(ast.Expression(last.value), chapter.name, "eval"), names))
    return values


def test_the_chapters_are_found():
    assert len(CHAPTERS) >= 8


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_works_on_any_runs(study, chapter, monkeypatch):
    monkeypatch.setattr(trainstudy.book.study, "open_study", lambda parameters: study)
    # every claim is checked once a case: test_study shows that a section is a part of them
    claims = study.claims
    monkeypatch.setattr(Study, "section", lambda _, number: claims[claims["section"] == number])
    values = shown(chapter)
    assert values
    assert all(isinstance(value, Html) and repr(value) for value in values)
    assert plt.get_fignums() == []
    page = Page()
    for value in values:
        page.feed(value._repr_html_())
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    for text in page.texts:
        assert not re.search(r"\bnan\b|\bNaN\b|<NA>|NaT|\bNone\b|\binf\b", text), text
    for text in page.texts + page.evidence:
        assert not re.search(r"(?<![\w.$/{-])-\d", text), f"a hyphen for a minus: {text}"


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_is_the_same_each_time(study_of, chapter, monkeypatch):
    study = study_of("the report's configurations")
    monkeypatch.setattr(trainstudy.book.study, "open_study", lambda parameters: study)
    one, again = ([value._repr_html_() for value in shown(chapter)] for _ in range(2))
    assert one == again


def test_parameters_reach_the_chapter(tmp_path, study_of):
    """One chapter through its own ``open_study``: a file of the user's, with budgets of theirs."""
    path = tmp_path / "mine.csv"
    study_of("many").curves.assign(mIoU=lambda curves: curves["mIoU"] / 100).to_csv(path)
    (chapter,) = [path for path in CHAPTERS if path.stem == "gains_by_configuration"]
    values = shown(chapter, runs=str(path), phases=[200, 400, 900], unit="fraction")
    text = "".join(map(repr, values))
    assert "200 → 400" in text
    assert "400 → 900" in text
