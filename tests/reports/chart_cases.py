"""One of each chart, from days written by hand and days made by rule; also writes them as a page to look at."""

import math
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from monitor.core.back.standing_checks import Check
from monitor.core.history.records import CheckInRecord, ReminderRecord
from monitor.core.reminders.decisions import Reminder
from monitor.core.reminders.rules import Due
from monitor.core.sedentary.bouts import Bout
from monitor.core.vocabulary import Activity
from monitor.reports.charts.body_map import draw_body
from monitor.reports.charts.checks import check_history, checks_chart
from monitor.reports.charts.days import ChartDay
from monitor.reports.charts.drawing import Chart
from monitor.reports.charts.exercises import BY_SUBJECT, BY_TIP, draw_exercise
from monitor.reports.charts.hours import hour_cells, hours_chart
from monitor.reports.charts.measurable import Measured, measurable_chart
from monitor.reports.charts.now import Angles, Range, draw_live_figure, draw_range, sitting_ruler
from monitor.reports.charts.own_weeks import SatDay, own_weeks, own_weeks_chart
from monitor.reports.charts.pain import PainSeriesDay, pain_chart
from monitor.reports.charts.posture import SignalPoint, SignalSeries, posture_chart
from monitor.reports.charts.ribbons import day_ribbon, week_ribbons
from monitor.reports.charts.stretches import Limits, stretches_chart

sys.path.insert(0, str(Path(__file__).parents[1]))
from report_days import BERLIN, DAY_S, NINE, bouts_of

SIT, STAND, MOVE, AWAY, UNKNOWN = Activity
UPRIGHT, BENT = Angles(3.0, 18.0, 1.0), Angles(26.0, 48.0, 0.1)
LEAN = Range("trunk lean", 26.0, 3.0, -math.inf, 23.0)
BLIND = Range("neck lean", math.nan, 18.0, -math.inf, 43.0)
LIMITS = Limits(1800.0, 2700.0)
PHASES = (
    ((SIT, 28), (STAND, 6), (MOVE, 2), (SIT, 41), (UNKNOWN, 0.5, "hips_hidden"), (SIT, 11), (AWAY, 47), (SIT, 63.5), (MOVE, 3),
     (STAND, 22), (None, 15), (SIT, 19), (UNKNOWN, 22, "no_pictures"), (SIT, 24)),
    ((SIT, 33), (MOVE, 1), (SIT, 14), (STAND, 31), (AWAY, 50), (SIT, 46), (STAND, 12), (SIT, 29), (MOVE, 2), (SIT, 38)),
    ((UNKNOWN, 50, "too_dark"), (SIT, 22), (STAND, 41), (SIT, 30), (AWAY, 62), (SIT, 31), (MOVE, 4), (SIT, 52), (STAND, 18)),
    ((STAND, 15), (SIT, 32), (MOVE, 2), (SIT, 31), (AWAY, 44), (SIT, 18), (STAND, 9), (SIT, 76), (UNKNOWN, 20, "too_dark")),
    ((SIT, 25), (STAND, 28), (SIT, 31), (AWAY, 55), (SIT, 40), (MOVE, 3), (STAND, 27), (SIT, 27)),
    (),
    ((SIT, 34), (MOVE, 2), (SIT, 21), (STAND, 9)),
)  # fmt: skip


def day(n, start=NINE):
    """The n-th day from Monday, in the zone of Berlin; what follows the first three days repeats them with other reminders."""
    begin = start + n * DAY_S + (n % 3) * 900
    bouts = bouts_of(PHASES[n % 7], begin)
    midnight = start - 9 * 3600 + n * DAY_S
    at = datetime.fromtimestamp(midnight, BERLIN)
    reminders = [
        reminder(bout, after)
        for bout, after in zip([b for b in bouts if b.seconds > 1800], (95.0, None, 200.0, 40.0, None), strict=False)
    ]
    pains = [CheckInRecord(b.start + 600, pain) for b, pain in zip(bouts[1::5], (2, 4, 6), strict=False)]
    return ChartDay(f"{at:%A} {at.day} {at:%B}", f"{at:%a} {at.day}", midnight, midnight + DAY_S, bouts, reminders, pains)


def reminder(bout: Bout, after):
    t = bout.start + 1800
    return ReminderRecord(
        Reminder(t, "sat_too_long", Due(1800, bout.start, 1), bout.activity), "desktop", after is not None, after
    )


def signal(label, unit, center, low, high, phase):
    """A signal that swings about its reference from 09:00 to 17:00, unseen over noon."""
    minutes = [NINE + 60 * n for n in range(480)]
    seen = [t for n, t in enumerate(minutes) if (n + phase) % 97 > 20 and not 170 < n < 230]
    missed = [t for n, t in enumerate(minutes) if (n + phase) % 97 <= 20 and not 170 < n < 230]

    def value(t):
        n = (t - NINE) / 60
        return center + (high if math.isfinite(high) else low) * (
            0.55 * math.sin(n / 40 + phase) ** 2 + 0.12 * math.sin(n) + (0.6 if 80 < n < 110 else 0.0)
        )

    points = [SignalPoint(t, value(t), not low <= value(t) - center <= high) for t in seen]
    return SignalSeries(label, unit, points, missed, center, center + low, center + high)


def swings():
    return [
        signal("trunk lean", "deg", 4.0, -math.inf, 20.0, 0),
        signal("neck lean", "deg", 20.0, -math.inf, 25.0, 30),
        signal("lower back in own range", "own range", 1.0, -0.75, math.inf, 60),
    ]


def standing_checks():
    """Seven checks within ten weeks."""
    weeks = ((0, 0, 3), (1, 2, 3), (3, -1, 3.4), (4, 3, 2.8), (7, 2, 3), (9, 6, 4.4), (10, 4, 3))
    return [Check(NINE + n * 7 * DAY_S, 38 + deg, sd, 8.0, 40, "camera", 16 + n) for n, deg, sd in weeks]


def pain_of_a_month():
    def on(n):
        sitting_s = math.nan if n % 7 > 4 else 3600 * (4 + n % 4)
        return PainSeriesDay(f"Mon {2 + n}" if n % 7 == 0 else f"day {n}", (5 - n // 9, 3)[: n % 3], sitting_s)

    return [on(n) for n in range(28)]


def own_month(week):
    """This week beside eighteen days before it."""
    sat = [SatDay(one.short.split()[0], one.seconds(SIT) if one.watched else math.nan) for one in week]
    return own_weeks(sat, [replace(sat[n % 5], sitting_s=3600 * (3 + (n * 7 % 9) / 4)) for n in range(18)])


def many_stretches(week):
    """Those of 35 days."""
    days = [replace(one, bouts=bouts_of(PHASES[(n + 1) % 5], NINE + n * DAY_S)) for n in range(5) for one in week]
    return [stretch for one in days for stretch in one.sat()]


def cases():
    """Every chart by the name of its golden file."""
    week = [day(n) for n in range(7)]
    checks = standing_checks()
    return {
        "day_ribbon": day_ribbon(week[0], BERLIN),
        "week_ribbons": week_ribbons(week, BERLIN),
        "stretches_bars": stretches_chart(week[0].sat(), LIMITS, BERLIN, "bars"),
        "stretches_dots": stretches_chart([s for one in week for s in one.sat()], LIMITS, BERLIN, "dots"),
        "stretches_counted": stretches_chart(many_stretches(week), Limits(1500.0, None), BERLIN, "counted"),
        "hours": hours_chart(hour_cells(week, BERLIN)),
        "posture": posture_chart(swings(), NINE, NINE + 8 * 3600, BERLIN),
        "measurable": measurable_chart(
            Measured(
                "the lower back",
                "the time you were there",
                5100,
                {"leaning on the backrest": 2700, "arm in front of the back": 1900, "too dark": 700},
            )
        ),
        "checks": checks_chart(check_history(checks, BERLIN), BERLIN),
        "checks_one": checks_chart(check_history(checks[:1], BERLIN), BERLIN, "check"),
        "pain": pain_chart(pain_of_a_month()),
        "ruler": sitting_ruler(24 * 60, LIMITS, NINE + 24 * 60, BERLIN),
        "ruler_late": sitting_ruler(52 * 60, LIMITS, NINE, BERLIN, "late"),
        "figure": Chart(
            "figure", "Now", "", draw_live_figure(BENT, UPRIGHT, "figure", pregnant=True), draw_range(LEAN, 342, "lean")
        ),
        "figure_unknown": Chart(
            "blind", "Now", "", draw_live_figure(None, UPRIGHT, "b", pregnant=False), draw_range(BLIND, 342, "x")
        ),
        "own_weeks": own_weeks_chart(own_month(week)),
    }


GOLDEN_FIGURES = Path(__file__).parents[1] / "golden" / "charts" / "exercises.html"


def figures():
    """All drawn movements and a body with places, as one page."""
    drawn = [
        draw_exercise(name, steps, f"ex-{name}", pregnant=n % 2 == 0)
        for n, (name, steps) in enumerate((BY_SUBJECT | BY_TIP).items())
    ]
    body = draw_body({"low_back": 14, "hips": 4, "pubic_bone": 3, "calf": 1, "one_side": 2}, "body", pregnant=True)
    return f"{_style()}\n" + "\n".join([*drawn, body]) + "\n"


def _style():
    return "".join(f'<link rel="stylesheet" href="../../../monitor/reports/style/{name}.css">' for name in ("colours", "charts"))


def page(charts, width):
    """All charts of that width as a page to look at."""
    style = "".join(
        (Path(__file__).parents[2] / "monitor/reports/style" / name).read_text() for name in ("colours.css", "charts.css")
    )
    body = "".join(f"<h2>{c.heading}</h2><h3>{c.sentence}</h3>{getattr(c, width)}<p>{c.note}</p>" for c in charts.values())
    own = "body { background: var(--paper); color: var(--ink); font: 16px var(--font); margin: 24px }"
    return f"<meta charset=utf-8><style>{style}{own}</style>{body}"


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    GOLDEN_FIGURES.write_text(figures(), encoding="utf-8")
    for width in ("wide", "narrow"):
        (folder / f"{width}.html").write_text(page(cases(), width), encoding="utf-8")
