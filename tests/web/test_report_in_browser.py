"""The reports in a real browser: accessible in every theme and width, quiet, and never wider than the screen."""

import sys
from datetime import datetime
from pathlib import Path

import pytest
from accessibility import THEMES, WIDTHS, violations

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "reports"))
from desktop_session import PATIENCE_S, need
from program import done
from simulated import BERLIN, write
from studies import people

from monitor.adapters.store import SelfReports
from monitor.advice import library
from monitor.app.home import open_home
from monitor.app.open_pages import warning_signs_file
from monitor.reports.pages.tips import tip_page

CHROMIUM = "/usr/bin/chromium"
PERIODS = {"day": (), "week": ("--week",), "month": ("--month",), "visit": ("--visit", "--notes")}
# The narrowest is 1280 px at 400 %.
NARROWEST = 320
# The texts of the gravest level that are not black.
PALE = """[...document.querySelectorAll('.lev.red *')].filter(one => getComputedStyle(one).color !== 'rgb(0, 0, 0)')
    .map(one => one.textContent)"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Reports of a fortnight, of a history without a day, a tip, a study, and the card of warning signs."""
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", str(BERLIN))
        write(folder / "full", 14, last=datetime.now(BERLIN).date())
        (folder / "empty").mkdir()
        SelfReports(folder / "empty" / "history.db").close()
        files = [folder / f"{home}-{name}.html" for home in ("full", "empty") for name in PERIODS]
        for file in files:
            home, _, name = file.stem.partition("-")
            done("report", *PERIODS[name], "--data", folder / home, "--out", file)
    tip = folder / "tip.html"
    tip.write_text(tip_page(library.tips().tips[0], pregnant=True), encoding="utf-8")
    table = people(folder / "study", 7, 1)
    done("cohort", folder / "study", "--out", folder / "out", "--participants", table, "--runner", "local")
    done("cohort", "report", folder / "out", "--out", folder / "study.html")
    (folder / "full" / "settings.toml").write_text('[contacts]\nemergency = "112"\n', encoding="utf-8")
    return [*files, tip, folder / "study.html", warning_signs_file(open_home(folder / "full"))]


@pytest.mark.slow
def test_no_report_breaks_a_rule_of_accessibility_or_asks_for_anything(pages):
    from playwright.sync_api import sync_playwright  # here, not above: every process of the tests would load it

    need("chromium")
    broken, asked = {}, []
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for theme in THEMES:
            context = browser.new_context(color_scheme=theme)
            context.set_default_timeout(PATIENCE_S * 1000)
            page = context.new_page()
            page.on("console", lambda message: asked.append(message.text))
            page.on("request", lambda request: asked.append(request.url) if not request.url.startswith("file:") else None)
            for file in pages:
                page.goto(file.as_uri())
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 900})
                    broken[file.stem, theme, width] = violations(page)
                page.set_viewport_size({"width": NARROWEST, "height": 900})
                if page.evaluate("document.documentElement.scrollWidth") > NARROWEST:
                    broken[file.stem, theme, NARROWEST] = ["scrolls sideways"]
            if theme == "light":
                page.emulate_media(media="print")
                pale = page.evaluate(PALE)
            context.close()
        browser.close()

    assert {where: found for where, found in broken.items() if found} == {}
    assert asked == []
    assert pale == []  # the last page is the card: grounds are not printed, so white text would be lost
