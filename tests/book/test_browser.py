"""The built book in headless Chromium, as a reader sees it."""

import functools
import http.server
import re
import shutil
import threading

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
OPTIONS += ["--disable-component-update", "--disable-sync"]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}

# WCAG's contrast ratio between each text of a figure and what lies behind it; the worst of them
CONTRAST = """figure => {
  const read = style => (style.match(/[\\d.]+/g) || []).map(Number);
  const luminance = rgb => rgb.map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const over = (below, element) => {
    const style = getComputedStyle(element);
    if (style.fill === "none") return below;
    const [r, g, b, alpha = 1] = read(style.fill);
    const part = alpha * style.fillOpacity * style.opacity;
    return [r, g, b].map((v, i) => part * v + (1 - part) * below[i]); };
  const page = read(getComputedStyle(document.body).backgroundColor).slice(0, 3);
  const ratios = [...figure.querySelectorAll("text")].map(text => {
    text.scrollIntoView({block: "center", behavior: "instant"});
    const box = text.getBoundingClientRect();
    const hit = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const shapes = hit.filter(e => e instanceof SVGGeometryElement && figure.contains(e));
    const behind = luminance(shapes.reverse().reduce(over, page));
    const front = luminance(over(page, text));
    return (Math.max(front, behind) + 0.05) / (Math.min(front, behind) + 0.05); });
  return Math.min(...ratios); }"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address(book):
    """Where the built book is served."""
    handler = functools.partial(Quiet, directory=str(book.html))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


def _left(request) -> bool:
    """Whether a request ended because its page was left or closed: no fault of the page's."""
    return request.failure == "net::ERR_ABORTED"


@pytest.fixture
def visit(browser, address):
    """Open pages of the book in one tab; what goes wrong on any of them fails the test at its end.

    ``visit(name, **options)``: the options of the first call are the browser context's.
    """
    tabs, faults = [], []

    def tab(**options):
        page = browser.new_context(**({"viewport": DESK} | options)).new_page()
        page.on("console", lambda m: faults.append(_said(m)) if m.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("requestfailed", lambda r: None if _left(r) else faults.append(f"{r.url} failed"))
        page.on("request", lambda r: None if _served(r.url, address) else faults.append(r.url))
        return page

    def visit(name, **options):
        if not tabs:
            tabs.append(tab(**options))
        tabs[0].goto(f"{address}/{name}.html")
        return tabs[0]

    yield visit
    for page in tabs:
        page.context.close()
    assert faults == []


def test_every_page_loads_and_fits_a_phone(book, visit):
    for name in [*book.toc, "index", "genindex"]:
        page = visit(name, viewport=PHONE)
        page.locator("article h1").first.wait_for()
        widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert widths[0] <= widths[1], name


def test_figures_have_words_for_those_who_do_not_see_them(book, visit):
    seen = 0
    for name in book.toc:
        page = visit(name)
        drawings = page.query_selector_all("article svg:not([aria-hidden=true], button svg)")
        for drawing in drawings:
            assert drawing.get_attribute("role") == "img", name
            assert len(drawing.get_attribute("aria-label") or "") > 20, name
        images = page.query_selector_all("article img")
        for image in images:
            assert image.get_attribute("alt"), name
        assert page.query_selector("img:not([alt])") is None, name
        seen += len(drawings) + len(images)
    assert seen >= 10


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_text_of_figures_can_be_read(book, visit, scheme):
    seen = 0
    for name in book.toc:
        page = visit(name, color_scheme=scheme)
        assert page.locator("html").get_attribute("data-theme") == scheme
        for figure in page.query_selector_all(".study-figure:has(svg text)"):
            assert figure.evaluate(CONTRAST) >= 4.5, name
            seen += 1
    assert seen >= 8


def test_the_search_finds_a_term(visit):
    page = visit("search")
    page.goto(f"{page.url}?q=Koschmieder")
    page.wait_for_selector("#search-results li a")
    found = page.locator("#search-results li a").evaluate_all("links => links.map(a => a.href)")
    assert any("notebooks/street_scenes.html" in link for link in found)
    assert any("book/method/data.html" in link for link in found)


def test_a_click_or_enter_on_a_heading_sorts_a_table(book, visit):
    sortable = re.compile(r'<table class="study[^"]*\bsortable\b[^"]*">.*?class="?num', re.S)
    names = [name for name in book.toc if sortable.search(_html(book, name))]
    page = visit(names[0])
    table = page.locator("table.sortable:has(th.num)").first
    numeric = table.locator("th.num").first
    column = numeric.evaluate("heading => heading.cellIndex")

    def values():
        cells = table.locator(f"tbody td:nth-child({column + 1})")
        found = cells.evaluate_all("all => all.map(cell => cell.dataset.value ?? null)")
        return [float(value) for value in found if value is not None]

    before = values()
    assert len(set(before)) > 1
    numeric.click()
    assert numeric.get_attribute("aria-sort") == "ascending"
    assert values() == sorted(before)
    numeric.press("Enter")
    assert numeric.get_attribute("aria-sort") == "descending"
    assert values() == sorted(before, reverse=True)

    words = table.locator("th:not(.num)").first
    place = words.evaluate("heading => heading.cellIndex + 1")
    orders = []
    for _ in range(2):
        words.click()
        orders.append(table.locator(f"tbody td:nth-child({place})").all_inner_texts())
    assert numeric.get_attribute("aria-sort") == "none"
    assert orders[0] == orders[1][::-1]
    assert orders[0][0].casefold() < orders[0][-1].casefold()


def _said(message) -> str:
    return f"{message.text} ({message.location['url']})"


def _served(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:"))


def _html(book, name: str) -> str:
    return (book.html / f"{name}.html").read_text(encoding="utf-8")
