"""The dashboard in a real browser: every page with a fortnight, a year and nothing, and a monitor that runs meanwhile."""

import signal
import sys
import time
from datetime import datetime
from pathlib import Path

import psutil
import pytest
from accessibility import THEMES, WIDTHS, violations
from serving import Dashboard

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "reports"))
from desktop_session import need, wait_for
from mjpeg import jpegs
from mjpeg import serving as camera_on
from program import CLIP, SITTING, Started, done
from simulated import BERLIN, write

from monitor.adapters.store import SelfReports
from monitor.adapters.system.lock import holder
from monitor.advice import library
from monitor.app import queries, remote
from monitor.app.home import open_home
from monitor.core.posture.signals import SIGNALS

CHROMIUM = "/usr/bin/chromium"
PAGES = (
    *("/", "/today", "/history", "/checks", "/check-in", "/warning-signs", "/warning-signs?whole=1", "/settings", "/profiles"),
    *("/privacy", "/api", "/calibrate", "/calibrate/live"),
)
LONGER = ("/visit?notes=1", "/history?first=2026-01-01&last=2026-11-27", "/day/2026-11-24")
NARROWEST = 320
IDLE_MB = 100
SETTINGS_SHEETS = 3


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright  # here, not above: every process of the tests would load it

    need("chromium")
    with sync_playwright() as browsers:
        made = browsers.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


def open_in(browser, dashboard, noise):
    """A page of a browser that was let in; whatever it complains of, or asks another server for, goes to ``noise``."""
    context = browser.new_context()
    page = context.new_page()
    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.on("request", lambda one: None if one.url.startswith(dashboard.base) or one.url == "data:," else noise.append(one.url))
    page.goto(dashboard.address)
    page.wait_for_url(f"{dashboard.base}/")
    return page


def home_of(folder, days):
    if days:
        write(folder, days, last=datetime.now(BERLIN).date(), signals=SIGNALS if days > 100 else SIGNALS[:2])
        done("calibrate", "--stage", f"sitting_tall={CLIP}", "--yes", "--data", folder)
    else:
        folder.mkdir()
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("days", [14, 365, 0])
def test_no_page_breaks_a_rule_of_accessibility_complains_or_asks_for_anything(browser, tmp_path, days):
    broken, noise = {}, []
    with Dashboard(home_of(tmp_path / "home", days)) as dashboard:
        page = open_in(browser, dashboard, noise)
        for path in (*PAGES, *(LONGER if days else ())):
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                page.set_viewport_size({"width": WIDTHS[-1], "height": 900})
                page.goto(dashboard.base + path)
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 900})
                    broken[path, theme, width] = [one for one in violations(page) if one[1] in {"serious", "critical"}]
            page.set_viewport_size({"width": NARROWEST, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > NARROWEST:
                broken[path, NARROWEST] = ["scrolls sideways"]
        page.goto(f"{dashboard.base}/settings")
        sheets = page.pdf(format="A4").count(b"/Type /Page\n")

    assert {where: found for where, found in broken.items() if found} == {}
    assert noise == []
    assert 0 < sheets <= SETTINGS_SHEETS
    assert "Traceback" not in dashboard.output


def test_a_red_check_in_shows_the_card_and_stays_open(browser, tmp_path):
    noise = []
    SelfReports(tmp_path / "history.db").close()
    with Dashboard(tmp_path) as dashboard:
        page = open_in(browser, dashboard, noise)
        page.goto(f"{dashboard.base}/check-in")
        page.get_by_label("7", exact=True).check()
        page.get_by_role("button", name="Save this check-in").click()
        asked_again = page.get_by_role("alert").inner_text()
        page.get_by_label("Yes, or I am not sure").check()
        page.locator("#g-saddle-numbness").check()
        page.get_by_role("button", name="Save this check-in").click()
        level, shown = page.locator("section.lev").get_attribute("class"), page.get_by_role("heading", level=1).inner_text()
        kept = dashboard.api("/api/check-ins").json()
        broken = violations(page)
        page.goto(dashboard.base)
        broken += violations(page)
        stays = page.get_by_role("alert").inner_text()
        page.get_by_role("button", name="I was told to rest").click()
        page.get_by_role("alert").wait_for(state="detached")
        cleared = [one["cleared"] for one in dashboard.api("/api/check-ins").json()]

    assert broken == []
    assert library.card().actions["red"].title in stays
    assert None not in cleared
    assert "told_to_rest" in done("stage", "--data", tmp_path)
    assert "first question" in asked_again
    assert (level, shown) == ("lev red", library.card().actions["red"].title)
    assert [(one["pain"], one["urgency"], one["symptoms"]) for one in kept] == [(7, "red", ["saddle_numbness"])]
    assert noise == []


IN_BACKGROUND = """
let hidden = true;
Object.defineProperty(document, 'hidden', {get: () => hidden});
window.show = () => { hidden = false; document.dispatchEvent(new Event('visibilitychange')); };
"""


def test_a_page_in_the_background_holds_no_connection_and_is_up_to_date_once_it_is_looked_at(browser, tmp_path):
    noise, begun, ended = [], [], []
    with Dashboard(tmp_path) as dashboard:
        page = open_in(browser, dashboard, noise)
        page.add_init_script(IN_BACKGROUND)
        page.on("request", lambda one: begun.append(one.url) if "/events" in one.url else None)
        for event in ("requestfinished", "requestfailed"):
            page.on(event, lambda one: ended.append(one.url) if one.url in begun else None)
        page.goto(dashboard.base)
        wait_for(lambda: page.wait_for_timeout(100) or len(ended) == 1, "the end of the stream")
        while_hidden = len(begun)
        page.evaluate("window.show()")
        wait_for(lambda: page.wait_for_timeout(100) or len(begun) == 2, "another stream")
        still_listening = len(ended)

    assert (while_hidden, still_listening) == (1, 1)
    assert noise == []


def limits_in(folder):
    live = queries.live_state(open_home(folder))
    return {one.of_s for one in live.decisions} if live else set()


@pytest.mark.slow
def test_an_order_reaches_a_running_monitor_and_shows_at_once_and_settings_are_used(browser, tmp_path):
    noise = []
    with camera_on(jpegs()) as camera, Dashboard(tmp_path) as dashboard:
        monitor = Started(tmp_path, "run", "--source", camera.url, "--notify", "none", "--data", tmp_path)
        monitor.await_word(SITTING)
        page = open_in(browser, dashboard, noise)
        page.get_by_role("button", name="Pause for an hour").hover(timeout=60_000)
        page.mouse.down()
        remote.snooze(open_home(tmp_path), time.time() + 1200)  # changes the buttons of the page
        page.wait_for_timeout(3_000)
        page.mouse.up()
        page.locator("#answer").get_by_text("Paused until").wait_for(timeout=60_000)
        page.get_by_role("heading", name="Paused until").wait_for(timeout=60_000)
        page.locator("#orders button:focus").wait_for(timeout=60_000)
        paused = dashboard.api("/api/status").json()["paused_until"]
        page.get_by_role("button", name="Go on now").click()
        page.get_by_role("button", name="Pause for an hour").wait_for(timeout=60_000)
        page.goto(f"{dashboard.base}/settings")
        page.locator("#set-reminders-sat-too-long-soft-min").fill("21")
        page.get_by_role("button", name="Save reminders").click()
        page.get_by_text("Saved:").wait_for()
        wait_for(lambda: 21 * 60.0 in limits_in(tmp_path), "the running monitor's new limit")
        page.goto(dashboard.base)
        page.locator("svg.c >> nth=0").wait_for(state="attached")
        running = holder(tmp_path)
        monitor.tell(signal.SIGTERM)
        complaints = [*noise]
        dashboard.process.terminate()
        page.get_by_text("Not up to date since").wait_for(timeout=60_000)

    assert running == monitor.pid
    assert complaints == []
    assert monitor.outcome().code == 0
    assert paused is not None


def calibration_until(heading, page, base, source):
    page.goto(f"{base}/calibrate")
    page.get_by_label("Camera:").fill(source)
    page.get_by_role("button", name="The camera is in place").click()
    page.get_by_role("heading", name=heading).wait_for(timeout=60_000)


def sits_tall_and_skips_the_rest(page):
    for ended in ("Start", "Skip", "Skip"):
        page.get_by_role("button", name=ended).first.wait_for(timeout=60_000)
        page.get_by_role("button", name=ended).first.click()
        if ended == "Start":
            page.get_by_role("heading", name="2 of 3").wait_for(timeout=60_000)
        else:
            page.wait_for_timeout(1_000)
    page.get_by_role("heading", name="Calibrated").wait_for(timeout=60_000)


def goes_on(folder, camera):
    home = open_home(folder)
    wait_for(lambda: not queries.hold(home, time.time()).paused_until, "the monitor that goes on")
    wait_for(lambda: camera.watched == 1, "the monitor at the camera again")


@pytest.mark.slow
def test_a_calibration_in_the_browser_takes_the_camera_from_the_monitor_and_gives_it_back(browser, tmp_path):
    noise = []
    with camera_on(jpegs()) as camera, Dashboard(tmp_path) as dashboard:
        camera.one_client = True
        monitor = Started(tmp_path, "run", "--source", camera.url, "--notify", "none", "--data", tmp_path)
        monitor.await_word(SITTING)
        server = psutil.Process(dashboard.process.pid)
        page = open_in(browser, dashboard, noise)
        calibration_until("1 of 3", page, dashboard.base, camera.url)
        sits_tall_and_skips_the_rest(page)
        kept = dashboard.api("/api/profiles").json()
        goes_on(tmp_path, camera)
        after = (server.children(), round(server.memory_info().rss / 2**20))
        calibration_until("did not work", page, dashboard.base, "http://127.0.0.1:9/none")
        goes_on(tmp_path, camera)
        calibration_until("1 of 3", page, dashboard.base, camera.url)
        broken = violations(page)
        server.children()[0].kill()
        page.get_by_role("heading", name="did not work").wait_for(timeout=60_000)
        goes_on(tmp_path, camera)
        complaints = [*noise]
        calibration_until("1 of 3", page, dashboard.base, camera.url)
        (engine,) = server.children()
        server.kill()
        wait_for(lambda: not engine.is_running(), "the end of the calibration of a server that was killed")
        goes_on(tmp_path, camera)
        with Dashboard(tmp_path) as second:
            page = open_in(browser, second, [])
            calibration_until("1 of 3", page, second.base, camera.url)
            (engine,) = psutil.Process(second.process.pid).children()
        ended_in_order = (second.process.returncode, engine.is_running())
        goes_on(tmp_path, camera)
        monitor.tell(signal.SIGTERM)

    assert [(one["name"], one["view"], one["stages"]) for one in kept] == [("default", "side", ["sitting_tall"])]
    assert broken == []
    assert after[0] == []
    assert after[1] <= IDLE_MB
    assert complaints == []
    assert ended_in_order == (0, False)
    assert "Traceback" not in second.output
    assert monitor.outcome().code == 0
