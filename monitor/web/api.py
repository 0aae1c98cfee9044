"""The local API: what the pages show, as JSON for programs; the same values that the commands print with ``--json``."""

from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from monitor.advice.checkin import CheckIn, Limiting
from monitor.app import queries
from monitor.app.advice import standing, told_in
from monitor.app.check_in import answered, keep, known_of_her
from monitor.app.files import found
from monitor.app.home import Home
from monitor.app.open_history import history_of
from monitor.app.report import range_data
from monitor.core.history.records import CheckInRecord
from monitor.core.vocabulary import Activity
from monitor.reports import periods
from monitor.reports.charts.days import ChartDay
from monitor.reports.report import report_on, with_pain
from monitor.reports.stage import stage_values
from monitor.reports.status import now_values
from monitor.reports.summary_formats import as_data
from monitor.reports.trend import values as check_values
from monitor.web.api_shapes import (
    AnswerOut,
    CalibrationOut,
    CheckInOut,
    CheckOut,
    DayOut,
    FileOut,
    OrderOut,
    Refused,
    SettingOut,
    StageOut,
    StatusOut,
)
from monitor.web.orders import OrderKind, give
from monitor.web.pages.check_in import NOTE_LENGTH
from monitor.web.pages.history import chosen_range
from monitor.web.pages.settings import settings_page
from monitor.web.serving import serving_of
from monitor.web.summary_shapes import SummaryOut

api = APIRouter(prefix="/api", tags=["posture-monitor"])
_DAY = "today, yesterday or a date such as 2026-03-02"
Day = Annotated[str, Query(description=f"The day: {_DAY}.", max_length=20)]
First = Annotated[str, Query(description=f"The first day: {_DAY}; seven days before the last if left out.", max_length=20)]
Last = Annotated[str, Query(description=f"The last day: {_DAY}; today if left out.", max_length=20)]
PeriodName = Annotated[Literal["day", "week", "month"], Query(description="The day, or the seven or 28 days up to it.")]
Names = Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=60)]


def _answers(shape: Any) -> dict[int | str, dict[str, Any]]:
    """The answers of an operation for the document: its shape, or one line why it was refused."""
    refused = {400: "A value cannot be.", 409: "It cannot be done now.", 422: "The request does not fit this document."}
    told: dict[int | str, dict[str, Any]] = {
        status: {"model": Refused, "description": words} for status, words in refused.items()
    }
    return {200: {"model": shape, "description": "The answer."}, **told}


class OrderIn(BaseModel):
    """An order to the running monitor."""

    model_config = ConfigDict(extra="forbid")
    kind: OrderKind = Field(description="What to do: pause, snooze, resume, mark, start or restart.")
    value: str = Field(
        "",
        max_length=20,
        description="A pause or snooze: 30, 1h30m, until 14:00 or until tomorrow; a mark: standing, sitting or break.",
    )


class CheckInIn(BaseModel):
    """A check-in; the names are those of ``posture-monitor checkin --list``."""

    model_config = ConfigDict(extra="forbid")
    pain: int | None = Field(None, ge=0, le=10, description="Pain now, 0 to 10; null if not told.")
    places: Names = Field([], description="Where it hurts.")
    eased_by: Names = Field([], description="What makes it better.")
    limiting: Limiting = Field(Limiting.NO, description="Whether it is in the way: no, some or much.")
    symptoms: Names = Field([], description="Signs of the card.")
    note: str = Field("", max_length=NOTE_LENGTH, description="The person's own words, which the program never reads.")


@api.get("/status", response_model=None, responses=_answers(StatusOut))
def status(request: Request) -> dict[str, Any]:
    """What the monitor sees now, when a reminder comes, and today so far, as status --json."""
    serving = serving_of(request)
    home = serving.home()
    now = queries.status(home, serving.now())
    notifier = now.live.notifier if now.live and now.live.notifier else home.settings.notify
    return now_values(now.today, now.process, notifier, home.tz, now.hold, now.live)


@api.get("/summary", response_model=None, responses=_answers(SummaryOut))
def summary(request: Request, day: Day = "today", period: PeriodName = "day") -> dict[str, Any]:
    """The figures of a day, or of the seven or 28 days up to it, as summary --json."""
    serving = serving_of(request)
    home = serving.home()
    last = periods.parse_day(day, home.date_of(serving.now()))
    chosen = {"day": periods.day, "week": periods.week, "month": periods.month}[period](last, home.tz, home.day_begins)
    with history_of(home) as history, history.read_transaction():
        report = report_on(chosen, history.records_of_days(chosen.spans))
        return as_data(with_pain(report, partial(history.records, signals=False), home.tz), home.tz)


@api.get("/days", response_model=None, responses=_answers(list[DayOut]))
def days(request: Request, first: First = "", last: Last = "") -> list[dict[str, Any]]:
    """Every day of a range: from when to when it was watched, seconds of each activity, stretches of sitting, pains."""
    serving = serving_of(request)
    home = serving.home()
    begin, end = chosen_range(first, last, home.date_of(serving.now()))
    return [_day(one, home) for one in range_data(home, begin, end).days]


@api.get("/check-ins", response_model=None, responses=_answers(list[CheckInOut]))
def check_ins(request: Request, first: First = "", last: Last = "") -> list[dict[str, Any]]:
    """The check-ins of a range, with the person's own notes."""
    serving = serving_of(request)
    home = serving.home()
    begin, end = chosen_range(first, last, home.date_of(serving.now()))
    span = (periods.day(begin, home.tz, home.day_begins).start, periods.day(end, home.tz, home.day_begins).end)
    with history_of(home) as history:
        return [_check_in(one, home) for one in history.records(*span, signals=False).reports]


@api.get("/checks", response_model=None, responses=_answers(list[CheckOut]))
def checks(request: Request) -> list[dict[str, Any]]:
    """Every standing check, as check --history --json."""
    home = serving_of(request).home()
    kept = queries.standing_checks(home)
    return [check_values(one, kept[:n], home.tz) for n, one in enumerate(kept)]


@api.get("/stage", response_model=None, responses=_answers(StageOut))
def stage(request: Request) -> dict[str, Any]:
    """What was entered of a pregnancy, and the limits that follow, as stage --json."""
    home = serving_of(request).home()
    return stage_values(standing(home, told_in(home), None))


@api.get("/settings", response_model=None, responses=_answers(list[SettingOut]))
def settings(request: Request) -> list[dict[str, Any]]:
    """Every setting: its name, meaning, value and source; a password is never told."""
    page = settings_page(serving_of(request).home())
    return [
        {key: getattr(one, key) for key in ("key", "name", "meaning", "value", "unit", "source")}
        for g in page.groups
        for one in g.settings
    ]


@api.get("/profiles", response_model=None, responses=_answers(list[CalibrationOut]))
def calibrations(request: Request) -> list[dict[str, Any]]:
    """Every calibration that can be read: when, from where and with which stages it was made."""
    home = serving_of(request).home()
    kept = [queries.calibration(home, name) for name in queries.calibrations(home)]
    return [
        {
            "name": one.name,
            "taken_at": _iso(one.taken_at, home),
            "view": one.view,
            "source": one.source,
            "stages": list(one.baseline.stages),
        }
        for one in kept
    ]


@api.get("/files", response_model=None, responses=_answers(list[FileOut]))
def files(request: Request) -> list[dict[str, Any]]:
    """Every file that the program keeps: where, what it is, how large."""
    home = serving_of(request).home()
    return [{"path": str(one.path), "what": one.belonging.what, "mode": one.mode, "bytes": one.size} for one in found(home)]


@api.post("/orders", response_model=None, responses=_answers(OrderOut))
def order(request: Request, wanted: OrderIn) -> dict[str, str]:
    """Give the running monitor an order; the answer comes once it was taken."""
    serving = serving_of(request)
    return {"answer": give(serving.home(), wanted.kind, wanted.value, serving.now())}


@api.post("/check-ins", response_model=None, responses=_answers(AnswerOut))
def check_in(request: Request, told: CheckInIn) -> dict[str, Any]:
    """Keep a check-in, and tell what the card answers."""
    serving = serving_of(request)
    home = serving.home()
    sets = (frozenset(told.places), frozenset(told.eased_by), told.limiting, frozenset(told.symptoms))
    one = answered(home, CheckIn(serving.now(), told.pain, *sets, told.note), known_of_her(home))
    keep(home, one)
    level = one.verdict.urgency
    relief = one.relief.tip.id if one.relief else None
    return {
        "urgency": level.name.lower() if level else None,
        "call_first": one.verdict.call_first,
        **asdict(one.said),
        "relief": relief,
    }


def _day(one: ChartDay, home: Home) -> dict[str, Any]:
    sat = one.sat()
    return {
        "day": home.date_of(one.start).isoformat(),
        "first": _iso(one.first, home) if one.watched else None,
        "last": _iso(one.last, home) if one.watched else None,
        **{f"{kind}_s": round(one.seconds(kind), 1) if one.watched else None for kind in Activity},
        "stretches": len(sat) if one.watched else None,
        "longest_sitting_s": round(max(spell.seconds for spell in sat), 1) if sat else None,
        "reminders": len(one.reminders),
        "pains": [report.pain for report in one.check_ins],
    }


def _check_in(one: CheckInRecord, home: Home) -> dict[str, Any]:
    told = asdict(one) | {name: sorted(getattr(one, name)) for name in ("places", "eased_by", "symptoms")}
    return told | {"t": _iso(one.t, home), "cleared": None if one.cleared is None else _iso(one.cleared, home)}


def _iso(t: float, home: Home) -> str:
    return datetime.fromtimestamp(t, home.tz).isoformat(timespec="seconds")
