"""The book as ``make book`` builds it, and what makes a chapter run again."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from trainstudy.book.execute import Chapter
from trainstudy.paths import project_root

NOTEBOOKS = project_root() / "notebooks"
STUDY = {path.stem for path in NOTEBOOKS.glob("*.ipynb") if "open_study(" in path.read_text()}
CURVES = {"train_segmentation", "stop_and_resume"}
ARMS = {"longer_training"}
LOOP = {"dry_run", "train_arms", "train_cyclegan", "train_tsit", *CURVES}
SCENES = {"street_scenes", *LOOP}
MULTITASK = {"live_comparison", "train_multitask"}
OTHERS = {"generate_images", "joint_vs_sequential", "multitask_plan", "speed", *ARMS, *MULTITASK}
MEASURED = any((project_root() / "benchmarks").glob("results/*.json"))


@pytest.fixture(scope="module")
def pages(book) -> dict[Path, BeautifulSoup]:
    """Every page of the built book, parsed."""
    found = [path for path in book.html.rglob("*.html") if "_static" not in path.parts]
    return {path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in found}


def test_the_build_has_no_warning(book):
    assert "build succeeded." in book.log
    assert "WARNING" not in book.log
    assert book.executed(book.log) == set(book.chapters) == STUDY | SCENES | OTHERS


def test_every_page_of_the_table_of_contents_is_built_and_shows_its_results(book, pages):
    for page in book.toc:
        soup = pages[book.html / f"{page}.html"]
        assert soup.find("h1")
        shown = soup.select("table.study, figure.study-figure, table.study-gallery")
        silent = page == "notebooks/speed" and not MEASURED
        assert bool(shown) == (page.startswith("notebooks/") and not silent), page
        assert "Traceback" not in soup.get_text()


def test_internal_links_resolve(pages):
    broken = [
        f"{path.name}: {link}"
        for path, soup in pages.items()
        for link in _links(soup)
        if not _resolves(path, link, pages)
    ]
    assert broken == []


def test_nothing_is_loaded_from_elsewhere(book, pages):
    attributes = [("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src")]
    loaded = {
        (path.name, element[attribute])
        for path, soup in pages.items()
        for name, attribute in attributes
        for element in soup.find_all(name, {attribute: True})
        if not {"canonical", "search", "index", "next", "prev"} & set(element.get("rel", []))
    }
    assert any(".css" in address for _, address in loaded)
    assert [entry for entry in loaded if urlsplit(entry[1]).netloc] == []
    own = (book.html / "_static" / name for name in ("book.css", "sortable.js"))
    assert not any("http" in path.read_text() for path in own)


def test_an_unchanged_book_executes_nothing_and_its_pages_stay_as_they_are(book):
    if book.stale():  # a test before this one altered it
        book.build()
    before = {path: path.read_bytes() for path in book.html.rglob("*.html")}
    again = book.build()
    assert again.returncode == 0
    assert book.executed(again.stdout) == set()
    assert {path: path.read_bytes() for path in book.html.rglob("*.html")} == before


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("reports/published/extended_training_results.csv", ".1", ".2", STUDY),
        ("reports/extended_training/claims.yml", "place", "place ", STUDY | ARMS),
        (
            "src/trainstudy/figures/cost.py",
            '"""',
            '"""# ',
            {"recommendations", "joint_vs_sequential", "live_comparison"},
        ),
        ("src/trainstudy/analysis/recommend.py", '"""', '"""# ', {"recommendations"}),
        ("src/trainstudy/figures/training.py", '"""', '"""# ', CURVES),
        ("src/trainstudy/data/streets/cars.py", '"""', '"""# ', SCENES),
        ("src/trainstudy/training/loop.py", '"""', '"""# ', LOOP | ARMS | MULTITASK),
        ("src/trainstudy/multitask/task.py", '"""', '"""# ', MULTITASK),
        ("src/trainstudy/parameters.py", '"""', '"""# ', STUDY | SCENES | OTHERS),
        ("book/method/data.md", "streets", "Streets", set()),
        ("notebooks/technical_details.ipynb", "percent", "fraction", {"technical_details"}),
        ("README.md", "a", "b", set()),
    ],
)
def test_a_change_makes_exactly_the_chapters_that_depend_on_it_stale(
    book, altered, name, old, new, expected
):
    before = book.stale()
    altered(book.root / name, old, new)
    assert book.stale() - before == expected - before


def test_another_parameter_makes_its_chapter_stale(book):
    for name in ("diminishing_returns", "street_scenes"):
        part = book.chapters[name]
        given = Chapter(part.notebook, {**part.parameters, "seed": 8}, part.store)
        assert "cells or parameters" in given.stale(book.root)


def test_a_changed_parameter_executes_its_chapter_alone_and_changes_its_page(book, altered):
    if book.stale():
        book.build()
    pages = [book.html / f"{page}.html" for page in book.toc if page.startswith("notebooks/")]
    before = {path: _page(path) for path in pages}
    altered(book.root / "notebooks" / "street_scenes.ipynb", "seed = 7", "seed = 8")
    done = book.build()
    assert done.returncode == 0, done.stdout[-3_000:]
    assert book.executed(done.stdout) == {"street_scenes"}
    assert {path.stem for path in pages if _page(path) != before[path]} == {"street_scenes"}


def test_a_failing_chapter_fails_the_build_with_its_traceback_and_keeps_the_others(book, altered):
    planted = "raise ValueError('planted')"
    altered(
        book.root / "notebooks" / "technical_details.ipynb", "study = open_study(", f"{planted} # "
    )
    altered(book.root / "notebooks" / "street_scenes.ipynb", "seed = 7", "seed = 9")
    done = book.build()
    assert done.returncode != 0
    assert "notebooks/technical_details.ipynb failed" in done.stdout
    assert f"{planted} # ExtendedTraining" in done.stdout
    assert "ValueError: planted" in done.stdout
    assert {"technical_details", "street_scenes"} & book.stale() == {"technical_details"}


def _page(path: Path) -> str:
    """A page without the checksums that Sphinx hangs on the names of style sheets."""
    return re.sub(r"\?v=[0-9a-f]{8}", "", path.read_text(encoding="utf-8"))


def _links(soup: BeautifulSoup) -> Iterator[str]:
    for element in soup.find_all(["a", "link", "script", "img"]):
        link = element.get("href") or element.get("src")
        if link and not urlsplit(link).scheme:
            yield link


def _resolves(path: Path, link: str, pages: dict[Path, BeautifulSoup]) -> bool:
    parts = urlsplit(link)
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not target.is_file():
        return False
    anchor = unquote(parts.fragment)
    if not anchor or anchor == "top" or target not in pages:
        return True
    return bool(pages[target].find(id=anchor) or pages[target].find(attrs={"name": anchor}))
