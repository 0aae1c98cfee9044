"""The shapes of the local API's answers: every field with its meaning and unit, for ``/api/openapi.json``.

They describe the answers, which are the values that the commands print with ``--json``; a test holds them to each other.
Lengths end in ``_s`` (seconds), shares in ``_share`` (0 to 1), angles in ``_deg``; times are ISO 8601; null: not known.
"""

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Time: TypeAlias = Annotated[str, Field(description="A time, ISO 8601 with offset.")]
Seconds: TypeAlias = Annotated[float, Field(ge=0, description="A length of time (s).")]


class Shape(BaseModel):
    """An answer; a field that it does not name is an error."""

    model_config = ConfigDict(extra="forbid")


class Reading(Shape):
    """A signal's present value."""

    value: float | None = Field(description="The value, in the signal's own unit (docs/signals.md); null if not measured.")
    sd: float | None = Field(description="Its standard deviation, in the same unit; null if not known.")
    why: str | None = Field(description="Why it could not be measured, a code; else null.")


class NextReminder(Shape):
    """The reminder that comes next if nothing changes."""

    kind: str = Field(description="The kind of reminder, a code.")
    in_s: float = Field(description="How long until then (s).")


class Live(Shape):
    """What the running monitor saw last."""

    t: Time
    age_s: float = Field(description="How long ago that was (s).")
    state: str = Field(description="sitting, standing, moving, away or unknown.")
    state_s: Seconds = Field(description="How long the state has lasted (s).")
    why: str | None = Field(description="Why the state is not known, a code; else null.")
    posture: str = Field(description="Against the person's own range: ok, off or unknown.")
    off: list[str] = Field(description="The signals out of tolerance, by name.")
    next_reminder: NextReminder | None = Field(description="The next reminder; null if none is ahead.")
    readings: dict[str, Reading] = Field(description="The present readings by the signal's name.")
    engine: str | None = Field(description="The pose engine with its model.")
    notifier: str | None = Field(description="Where reminders appear.")


class LastReminder(Shape):
    """A reminder that came."""

    kind: str = Field(description="The kind of reminder, a code.")
    t: Time
    shown: str | None = Field(description="desktop, console or none: where it was shown; null if it was not.")


class Runs(Shape):
    """The monitor's own clocks."""

    sitting: Seconds = Field(description="Sitting since the last break (s).")
    standing: Seconds = Field(description="Standing since the last break (s).")
    stationary: Seconds = Field(description="Without walking about or leaving (s).")


class Spent(Shape):
    """Time spent today."""

    sitting: Seconds = Field(description="Sitting (s).")
    standing: Seconds = Field(description="Standing (s).")
    moving: Seconds = Field(description="Moving about (s).")
    away: Seconds = Field(description="Away from the desk (s).")
    unknown: Seconds = Field(description="Not known (s).")


class StatusOut(Shape):
    """What the monitor sees now."""

    running: bool = Field(description="Whether a monitor runs.")
    process: int | None = Field(description="The number of its process.")
    state: str | None = Field(description="sitting, standing, moving, away or unknown; null while none runs.")
    since: str | None = Field(description="When the state began, ISO 8601 with offset.")
    run_s: Runs = Field(description="The clocks of the running monitor (s).")
    today_s: Spent = Field(description="Time spent today by activity (s).")
    last_reminder: LastReminder | None = Field(description="The last reminder of today.")
    notifications: str = Field(description="Where reminders appear, and what is wrong with it if anything is.")
    source: str | None = Field(description="The camera, file or address that is watched.")
    mode: str | None = Field(description="How it is watched: steady or interval, and why power is saved.")
    live: Live | None = Field(description="The last live state; null while no monitor runs.")
    paused_until: str | None = Field(description="Until when a pause lasts, ISO 8601 with offset.")
    snoozed_until: str | None = Field(description="Until when reminders are snoozed, ISO 8601 with offset.")
    silent: str | None = Field(description="Why reminders are suppressed, a code; else null.")
    silent_since: str | None = Field(description="Since when, ISO 8601 with offset.")


class DayOut(Shape):
    """A day of a range."""

    day: str = Field(description="Its date, such as 2026-03-02.")
    first: str | None = Field(description="When watching began, ISO 8601 with offset; null if nothing was watched.")
    last: str | None = Field(description="When it ended.")
    sitting_s: float | None = Field(description="Sitting (s).")
    standing_s: float | None = Field(description="Standing (s).")
    moving_s: float | None = Field(description="Moving about (s).")
    away_s: float | None = Field(description="Away from the desk (s).")
    unknown_s: float | None = Field(description="Not known (s).")
    stretches: int | None = Field(description="How many stretches of sitting there were.")
    longest_sitting_s: float | None = Field(description="The longest of them (s).")
    reminders: int = Field(description="How many reminders came.")
    pains: list[int] = Field(description="The pains noted on it, 0 to 10.")


class CheckInOut(Shape):
    """A check-in as it was noted."""

    t: Time
    pain: int | None = Field(description="Pain, 0 to 10; null if not given.")
    places: list[str] = Field(description="Where it hurt, codes.")
    eased_by: list[str] = Field(description="What made it better, codes.")
    limiting: str = Field(description="Whether it was in the way: no, some or much.")
    symptoms: list[str] = Field(description="Signs of the card, codes.")
    note: str = Field(description="The person's own words.")
    urgency: str | None = Field(description="What the card answered: red, orange, today or yellow; null for nothing.")
    cleared: str | None = Field(description="When the person had spoken to someone about it, ISO 8601 with offset.")
    relief: str | None = Field(description="The tip that answered it, a code.")


class CheckOut(Shape):
    """A standing check of the lower back."""

    t: Time
    lordosis_deg: float = Field(description="The curve of the lower back's outline (deg), + is hollow.")
    sd_deg: float = Field(description="Its standard deviation (deg).")
    depth_percent: float = Field(description="How deep the hollow is (% of the length of the trunk).")
    frames: int = Field(description="From how many pictures it was read.")
    source: str = Field(description="The camera or file.")
    week_of_pregnancy: int | None = Field(description="The completed week at that time; null outside a pregnancy.")
    change_since_first_deg: float | None = Field(description="The change since the first check (deg).")
    change_is_clear: bool | None = Field(description="Whether it is more than two checks may differ by chance.")
    smallest_detectable_change_deg: float | None = Field(
        description="The person's own (MDC90, deg); null without a repeated day."
    )


class LimitOut(Shape):
    """A limit in force."""

    value: float = Field(description="Minutes; hours where its name ends in _h.")
    of_the_stage: float = Field(description="What the stage would have, in the same unit.")
    own: bool = Field(description="Whether the person set it.")
    moved: bool = Field(description="Whether it was only moved to fit the other one of its pair.")
    enabled: bool = Field(description="Whether the reminder is on.")
    why: str = Field(description="Where it comes from.")


class StageOut(Shape):
    """What was entered of a pregnancy, and what follows."""

    told: bool = Field(description="Whether anything was entered.")
    stage: str | None = Field(description="not_pregnant, first, second, third or after_birth; null if not entered.")
    week: int | None = Field(description="Completed weeks of pregnancy.")
    day: int | None = Field(description="Completed days beyond them.")
    due: str | None = Field(description="The due date, such as 2027-03-02.")
    birth: str | None = Field(description="The day of the birth.")
    conditions: list[str] = Field(description="What was ticked, codes.")
    questions: list[str] = Field(description="What should be asked, such as a due date that has passed.")
    limits: dict[str, LimitOut] = Field(description="The limits in force by the name of their setting.")


class SettingOut(Shape):
    """A setting."""

    key: str = Field(description="Its whole name.")
    name: str = Field(description="What people call it.")
    meaning: str = Field(description="What it means.")
    value: str = Field(description="Its value as typed; empty if not set, and always for a password.")
    unit: str = Field(description="Its unit; empty for none.")
    source: str = Field(description="Whether it is the default, the stage's or the person's own.")


class CalibrationOut(Shape):
    """A calibration."""

    name: str = Field(description="What it is called.")
    taken_at: Time
    view: str = Field(description="side or front.")
    source: str = Field(description="The camera, or files.")
    stages: list[str] = Field(description="Its stages: sitting_tall, sitting_relaxed, standing.")


class FileOut(Shape):
    """A file that the program keeps."""

    path: str = Field(description="Where it is.")
    what: str = Field(description="What it is.")
    mode: str = Field(description="Its permissions, such as -rw-------.")
    bytes: int = Field(description="Its size (bytes).")


class OrderOut(Shape):
    """What became of an order."""

    answer: str = Field(description="A sentence.")


class AnswerOut(Shape):
    """What the card says to a check-in."""

    urgency: str | None = Field(description="red, orange, today or yellow; null for nothing.")
    call_first: bool = Field(description="Whether a call comes before any tip.")
    title: str = Field(description="What to do, in a few words.")
    body: str = Field(description="Whom to call.")
    more: str = Field(description="What else to know.")
    relief: str | None = Field(description="The tip that answers it, a code; null if none does.")


class Refused(Shape):
    """Why a request was refused."""

    detail: str = Field(description="One line: what is wrong and what to do.")
