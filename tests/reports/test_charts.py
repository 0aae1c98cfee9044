"""The charts against their golden files, and the laws that hold for each of them."""

import math
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from chart_cases import BERLIN, cases
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.sedentary.bouts import Bout
from monitor.core.vocabulary import Activity
from monitor.reports.charts.days import ChartDay
from monitor.reports.charts.hours import hour_cells
from monitor.reports.charts.ribbons import FULL, draw_day, draw_week
from monitor.reports.charts.scales import clock_ticks, hour_ticks, length_ticks, plain_ticks
from monitor.reports.charts.strip import SHAPES
from monitor.reports.markup import element
from monitor.texts.catalogue import activity_name

GOLDEN = Path(__file__).parents[1] / "golden" / "charts"
STYLE = Path(__file__).parents[2] / "monitor" / "reports" / "style"
MORNING = 1772438400.0  # 2026-03-02 09:00 in Berlin
CHARTS = cases()
DRAWINGS = {f"{name}-{width}": getattr(chart, width) for name, chart in CHARTS.items() for width in ("wide", "narrow")}


def test_each_chart_is_drawn_as_in_its_golden_file():
    """After a wanted change: delete the file, run, and look at the picture (python tests/reports/chart_cases.py FOLDER)."""
    changed = []
    for name, drawn in DRAWINGS.items():
        file = GOLDEN / f"{name}.svg"
        if not file.exists():
            GOLDEN.mkdir(parents=True, exist_ok=True)
            file.write_text(drawn + "\n", encoding="utf-8")
            changed.append(f"{name} was missing and is made")
        elif file.read_text(encoding="utf-8") != drawn + "\n":
            changed.append(name)

    assert changed == []


def test_each_drawing_says_what_it_shows_and_brings_neither_style_nor_script():
    def faults(drawn):
        root = ET.fromstring(drawn)  # noqa: S314  # our own drawing
        title, described = root.find("title"), root.find("desc")
        ids = [one.get("id") for one in root.iter() if one.get("id")]
        width = float(root.get("viewBox").split()[2])
        places = [float(t.get("x")) for t in root.iter("text") if t.text]
        checks = {
            "title": title is not None and len(title.text) > 5,
            "description": described is not None and len(described.text) > 20,
            "labelled": root.get("aria-labelledby").split() == [title.get("id"), described.get("id")],
            "role": root.get("role") == "img",
            "ids": len(ids) == len(set(ids)),
            "style": not re.search(r"style=|<style|<script|font-size=| on\w+=|href", drawn),
            "numbers": "nan" not in drawn and "inf" not in re.sub(r">[^<]*<", "><", drawn),
            "inside": all(-1 <= x <= width + 1 for x in places),
            "size": len(drawn) < 20_000,
        }
        return [name for name, fine in checks.items() if not fine]

    assert {name: found for name, drawn in DRAWINGS.items() if (found := faults(drawn))} == {}


def test_names_are_unique_over_all_charts_of_a_page():
    names = Counter(re.findall(r' id="([^"]+)"', "".join(DRAWINGS.values())))

    assert [name for name, count in names.items() if count > 1] == []


def test_what_is_hatched_is_said_to_be_unknown_or_not_measured():
    words = (activity_name(Activity.UNKNOWN), "too little seen", "not measured", "could be seen")
    silent = [n for n, drawn in DRAWINGS.items() if "url(#" in drawn and not any(w in drawn.split("</desc>")[0] for w in words)]

    assert silent == []
    assert sum("url(#" in drawn for drawn in DRAWINGS.values()) >= 8


# --- laws --------------------------------------------------------------------------------------------------------

phases = st.lists(st.tuples(st.sampled_from([*Activity, None]), st.integers(120, 7200)), min_size=1, max_size=12)


def made(parts):
    t, bouts = MORNING, []
    for activity, seconds in parts:
        if activity:
            bouts.append(Bout(activity, t, t + seconds, why="too dark" if activity is Activity.UNKNOWN else None))
        t += seconds
    return ChartDay("Monday 2 March", "Mon 2", MORNING - 32400, MORNING + 54000, bouts)


@given(phases)
def test_the_ribbon_gives_each_activity_its_share_and_leaves_nothing_blank(parts):
    day = made(parts)
    if not day.watched:
        return
    root = ET.fromstring(draw_day(day, BERLIN, 760, "x"))  # noqa: S314  # our own drawing
    per_second = 756 / max(day.last - day.first, 1800)

    def drawn(kind):
        boxes = [one for one in root.iter("rect") if one.get("class") == kind]
        return sum(float(one.get("width")) for one in boxes), {float(one.get("height")) for one in boxes}

    kinds = {activity: kind for activity, (kind, _) in SHAPES.items()} | {Activity.UNKNOWN: "unknown"}
    for activity, kind in kinds.items():
        width, heights = drawn(kind)
        assert width == pytest.approx(day.seconds(activity) * per_second, abs=1.2 * len(parts))
        assert heights <= {FULL * SHAPES[activity][1] if activity in SHAPES else FULL}
    assert sum(one.get("class") == "away" for one in root.iter("line")) == sum(b.activity is Activity.AWAY for b in day.bouts)
    holes = sum(b.start - a.end >= 60 for a, b in zip(day.bouts, day.bouts[1:], strict=False))
    assert sum(one.get("class") == "unwatched" for one in root.iter("line")) == holes


@given(st.lists(phases, min_size=1, max_size=7))
def test_many_days_fit_their_drawing_whatever_was_done(days):
    drawn = draw_week([made(parts) for parts in days], BERLIN, 342, "x")

    assert "nan" not in drawn
    assert len(drawn) < 30_000


@given(phases)
def test_the_hours_of_the_week_hold_all_the_time_of_the_bouts(parts):
    day = made(parts)
    cells = hour_cells([day], BERLIN).values()

    assert sum(cell.watched_s for cell in cells) == pytest.approx(sum(b.seconds for b in day.bouts))
    assert sum(cell.sitting_s for cell in cells) == pytest.approx(day.seconds(Activity.SITTING))
    assert all(cell.seen_s <= cell.watched_s + 1e-6 and cell.watched_s <= 3600 + 1e-6 for cell in cells)
    assert all(cell.minutes is None or 0 <= cell.minutes <= 60 for cell in cells)


@given(st.floats(60, 86400), st.integers(3, 13))
def test_ticks_enclose_their_values_and_stay_few(longest, most):
    for ticks in (length_ticks(longest, most), hour_ticks(longest, most)):
        assert ticks[0].value == 0
        assert ticks[-1].value >= longest - 1e-3
        assert all(b.value > a.value for a, b in pairwise(ticks))
    assert len(hour_ticks(longest, 3)) <= 4


@given(st.floats(-80, 80), st.floats(0.1, 100), st.integers(3, 9))
def test_plain_ticks_enclose_what_they_are_for(low, size, most):
    ticks = plain_ticks(low, low + size, most)

    assert ticks[0].value <= low + 1e-9
    assert ticks[-1].value >= low + size - 1e-9


def test_hours_of_the_clock_are_full_hours_on_a_day_when_clocks_change():
    night = 1774738800.0  # 2026-03-29 00:00 in Berlin: there is no 02:00 on that day
    labels = [tick.label for tick in clock_ticks(night, night + 6 * 3600, BERLIN, 13)]

    assert labels == ["00:00", "01:00", "03:00", "04:00", "05:00", "06:00", "07:00"]


def test_markup_cannot_be_broken_by_what_is_put_into_it():
    drawn = element("p", '<script>"&', element("b", "x"), title='"><i>')

    assert drawn == '<p title="&quot;&gt;&lt;i&gt;">&lt;script&gt;"&amp;<b>x</b></p>'


# --- colours -----------------------------------------------------------------------------------------------------

TEXT_ON = (
    ("ink", "paper"), ("ink2", "paper"), ("ink2", "wash"), ("ink", "band"), ("ink2", "band"), ("action", "paper"),
    ("onaction", "action"), ("onsit", "sit"), ("onstand", "stand"), ("ink", "h1"), ("ink", "h2"), ("ink", "h3"), ("onsit", "h4"),
    ("onsit", "h5"), ("onred", "red"), ("orange", "orangewash"), ("yellow", "yellowwash"),
)  # fmt: skip
MARKS_ON = (
    ("edge", "paper"), ("sit", "paper"), ("stand", "paper"), ("moveedge", "paper"), ("away", "paper"), ("hatch", "paper"),
    ("bandedge", "paper"), ("line", "band"), ("body", "paper"), ("ghost", "paper"), ("rededge", "paper"),
)  # fmt: skip


def themes():
    """The colours by name: light, dark, print; what a later block leaves out stays as it was in the first."""
    blocks = re.findall(r":root \{(.*?)\}", (STYLE / "colours.css").read_text(encoding="utf-8"), re.DOTALL)
    light, dark, print_ = (dict(re.findall(r"--(\w+): (#\w{6})", block)) for block in blocks)
    return {"light": light, "dark": light | dark, "print": light | print_}


def luminance(colour):
    """WCAG 2 relative luminance (0 to 1)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """WCAG 2 contrast (1 to 21)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_text_and_marks_stand_out_in_every_theme():
    weak = [
        (theme, mark, ground, round(contrast(colours[mark], colours[ground]), 1))
        for theme, colours in themes().items()
        for pairs, least in ((TEXT_ON, 4.5), (MARKS_ON, 3.0))
        for mark, ground in pairs
        if contrast(colours[mark], colours[ground]) < least
    ]

    assert weak == []


def test_activities_and_amounts_differ_in_lightness_so_that_a_grey_print_tells_them_apart():
    def lightness(colour):
        """CIE L* (0 to 100)."""
        return 116 * luminance(colour) ** (1 / 3) - 16

    for colours in themes().values():
        kinds = [lightness(colours[name]) for name in ("sit", "stand", "move")]
        amounts = [lightness(colours[f"h{n}"]) for n in range(1, 6)]
        steps = [b - a for a, b in pairwise(amounts)]

        assert all(b - a >= 14 for a, b in pairwise(kinds))
        assert all(math.copysign(1, step) == math.copysign(1, steps[0]) and 8 <= abs(step) <= 24 for step in steps)


def test_every_class_that_is_drawn_has_a_rule():
    used = {kind for drawn in DRAWINGS.values() for group in re.findall(r'class="([^"]+)"', drawn) for kind in group.split()}
    style = (STYLE / "charts.css").read_text(encoding="utf-8")

    assert [kind for kind in sorted(used) if not re.search(rf"\.{kind}\b", style)] == []
