"""The shape of a summary in the local API's document, made from the table of figures."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, create_model

from monitor.reports.summary_formats import FIGURES
from monitor.web.api_shapes import Shape, Time


class PeriodOut(Shape):
    """The period of a summary."""

    kind: str = Field(description="day, week or month.")
    name: str = Field(description="Its name for people.")
    start: Time
    end: Time
    first_seen: str | None = Field(description="When watching began, ISO 8601 with offset; null if nothing was watched.")
    last_seen: str | None = Field(description="When it ended.")


class SignalOut(Shape):
    """A signal over a period."""

    unit: str | None = Field(description="Its unit.")
    mean: float | None = Field(description="The mean, in that unit.")
    measured_s: float | None = Field(description="How long it was measured (s).")
    measured_share: float | None = Field(description="The same as a share of the time somebody was there (0 to 1).")
    judged_s: float | None = Field(description="How long it was compared with the person's own range (s).")
    off_s: float | None = Field(description="How long it was out of that range (s).")
    off_share: float | None = Field(description="The same as a share of the time compared (0 to 1).")
    longest_hold_s: float | None = Field(description="The longest time out of range without a pause (s).")
    why_not_measured: str | None = Field(description="The commonest reason why it was not measured, a code.")
    hidden_by_chair_share: float | None = Field(description="How much of the time the chair hid it (0 to 1).")


class ReminderOut(Shape):
    """A kind of reminder over a period."""

    due: int = Field(description="How often it was due.")
    shown: int = Field(description="How often it was shown.")
    response_known: int = Field(description="Of how many it is known what followed.")
    change_followed: int = Field(description="After how many a change followed within five minutes.")
    change_after_median_s: float | None = Field(description="The median time until it did (s).")


class Beside(Shape):
    """What stands beside pain."""

    sitting_s: float | None = Field(description="Sitting (s); a median where it is of several days.")
    breaks_per_sedentary_h: float | None = Field(description="Breaks per hour of sitting.")


class PainDayOut(Beside):
    """A day with check-ins."""

    start: Time
    check_ins: int = Field(description="How many check-ins it has.")
    pain_mean: float | None = Field(description="The mean of their pains, 0 to 10.")


class PainGroupOut(Beside):
    """Days alike in pain."""

    days: int = Field(description="How many watched days there are of them.")


class CheckInsOut(Shape):
    """Four weeks of check-ins, described and not explained."""

    count: int = Field(description="How many there are.")
    why_not_shown: str | None = Field(description="Why no days are shown: too few check-ins; else null.")
    days: list[PainDayOut] = Field(description="A row for each day with check-ins.")
    days_with_pain_4_or_more: PainGroupOut
    days_with_less_pain: PainGroupOut


_FIGURES: Mapping[str, str] = {
    "sessions": "How many sessions the period touches.",
    "cut_sessions": "How many of them stopped unexpectedly.",
    "session_s": "How long was watched (s).",
    "measurable_share": "The share of it in which the activity was known (0 to 1).",
    "sitting_s": "Sitting (s).",
    "standing_s": "Standing (s).",
    "moving_s": "Moving about (s).",
    "away_s": "Away from the desk (s).",
    "unknown_s": "Not known (s).",
    "assumed_sitting_s": "Sitting that was assumed: somebody was there, and sitting and standing looked alike (s).",
    "assumed_sitting_share": "The same as a share of the sitting (0 to 1).",
    "min_bout_s": "The shortest stretch that counts (s).",
    "sedentary_bouts": "How many stretches of sitting there were.",
    "sedentary_bout_mean_s": "Their mean length (s).",
    "sedentary_bout_median_s": "Their median length (s).",
    "sedentary_bout_longest_s": "The longest (s).",
    "sedentary_prolonged_s": "Sitting in stretches of 30 min or longer (s).",
    "breaks": "How many breaks from sitting were seen.",
    "breaks_per_sedentary_h": "Breaks per hour of sitting.",
    "sit_to_stand_transitions": "How often getting up was seen.",
    "stationary_longest_s": "The longest time without walking about or leaving (s).",
    "w50_s": "Half of the sitting was in stretches of at least this length (s).",
    "gini_index": "How unequal the stretches are, 0 (all alike) to 1.",
    "power_law_alpha": "The exponent of the distribution of their lengths.",
    "power_law_alpha_se": "Its standard error.",
}
_COUNTS = frozenset({"sessions", "cut_sessions", "sedentary_bouts", "breaks", "sit_to_stand_transitions"})


def _figure(name: str) -> Any:
    kind: Any = int if name in _COUNTS else float | None
    return (kind, Field(description=_FIGURES[name]))


Figures = create_model("Figures", __base__=Shape, **{name: _figure(name) for name in FIGURES})


class SummaryOut(Figures):  # type: ignore[valid-type,misc]  # made from the table of figures
    """A day, a week or four weeks in figures."""

    posture_summary: int = Field(description="The version of this shape.")
    period: PeriodOut
    patterns_why: str | None = Field(description="Why w50_s, gini_index and power_law_alpha are null, a code.")
    unknown_why_s: dict[str, float] = Field(description="The time not known by its reason, a code (s).")
    signals: dict[str, SignalOut] = Field(description="Each signal by its name.")
    reminders: dict[str, ReminderOut] = Field(description="Each kind of reminder by its code.")
    check_ins: CheckInsOut | None = Field(description="Four weeks of check-ins up to the end of the period.")
    days: list["SummaryOut"] = Field(description="The same for each day of a week or of four weeks; empty for a day.")
