"""Made-up working days with the real reminders: a person sits, stands, slouches, leans in, and often gets up when reminded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from monitor.advice import library
from monitor.advice.catalogue import Tip
from monitor.advice.limits import LIMITS, Limit, limits
from monitor.advice.picking import Context, follow_up, pick
from monitor.advice.pregnancy import NOT_PREGNANT, SECOND_FROM, TERM_DAYS, THIRD_FROM, Pregnancy, PregnancyStage
from monitor.core.posture.baseline import Posture
from monitor.core.reminders.decisions import Reminder, Response
from monitor.core.reminders.kinds import SETTABLE
from monitor.core.reminders.rules import Situation
from monitor.core.reminders.scheduler import Reminders
from monitor.core.sedentary.bouts import Run
from monitor.core.vocabulary import Activity

MIN = 60.0
SLOUCHES = (
    {"trunk_inclination"},
    {"neck_inclination"},
    {"neck_length_ratio", "head_height"},
    {"shoulder_tilt"},
    {"head_tilt"},
    {"face_shoulder_scale", "neck_length_ratio"},
    {"trunk_inclination", "neck_inclination"},
)
# What a person may have ticked, day by day; nothing, on most days.
CONDITIONS: tuple[frozenset[str], ...] = (
    *[frozenset[str]()] * 6,
    frozenset({"dizzy"}),
    frozenset({"pelvic_pain"}),
    frozenset({"told_to_rest"}),
    frozenset({"sore_wrists", "recent_operation"}),
)
# Days of pregnancy from and to, by stage; those of a birth are counted from it.
DAYS = {
    PregnancyStage.FIRST: (7, SECOND_FROM),
    PregnancyStage.SECOND: (SECOND_FROM, THIRD_FROM),
    PregnancyStage.THIRD: (THIRD_FROM, TERM_DAYS + 7),
}


@dataclass(frozen=True, slots=True)
class TipDecision:
    """The tip chosen at ``t`` (POSIX s), for which event, and in which context; ``tip`` None if none fitted."""

    t: float
    to: Reminder | Response
    tip: Tip | None
    context: Context


def stage_days(stage: PregnancyStage, count: int) -> Iterator[tuple[date, Pregnancy]]:
    """Working days, one after the other, and a pregnancy that is in that stage on each; every day of the stage has its turn."""
    day = date(2026, 1, 5)
    for i in range(count):
        today = day + timedelta(i // 5 * 7 + i % 5)
        if stage is PregnancyStage.NOT_PREGNANT:
            yield today, NOT_PREGNANT
        elif stage is PregnancyStage.AFTER_BIRTH:
            yield today, Pregnancy(birth=today - timedelta(i))
        else:
            first, last = DAYS[stage]
            yield today, Pregnancy(due=today + timedelta(TERM_DAYS - first - i % (last - first)))


def working_day(
    today: date, stage: PregnancyStage, seed: int, held: frozenset[str] | None, shown: Mapping[str, float]
) -> list[TipDecision]:
    """All that is said on one day from nine to five, to who ticked ``held``; None: what the day has in ``CONDITIONS``.

    On one day of seven she noted pain.  ``shown`` is what she heard on the day before.
    """
    ticks = CONDITIONS[seed % len(CONDITIONS)] if held is None else held
    return list(_Day(today, Context(stage, UTC, ticks, shown=shown, sore=seed % 7 == 1), seed).lived())


def days_on_end(stage: PregnancyStage, count: int, held: frozenset[str] | None = None) -> Iterator[list[TipDecision]]:
    """All that is said on each of so many days, the one after the other; ``held`` as in ``working_day``."""
    shown: dict[str, float] = {}
    for seed, (today, _) in enumerate(stage_days(stage, count)):
        day = working_day(today, stage, seed, held, shown)
        shown = {given.tip.id: given.t for given in day if given.tip}
        yield day


class _Day:
    def __init__(self, today: date, context: Context, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311  # a made-up day is no secret
        self.t = datetime(today.year, today.month, today.day, 9, tzinfo=UTC).timestamp()
        self.tips = library.tips().tips
        self.context = context
        self.reminders = Reminders(_rules(limits(context.stage, {}, context.conditions)))
        self.activity, self.since, self.left = Activity.SITTING, self.t, 40
        self.runs = {Activity.SITTING: Run(), Activity.STANDING: Run()}
        self.off: frozenset[str] = frozenset()

    def lived(self) -> Iterator[TipDecision]:
        for minute in range(8 * 60):
            self._live(minute)
            for event in self.reminders.consider(self._situation()).events:
                yield from self._heard(event)
            self.t += MIN

    def _heard(self, event: Reminder | Response) -> Iterator[TipDecision]:
        if isinstance(event, Reminder):
            yield self._given(event.t, event, pick(self.tips, event, self.context))
            if self.chance.random() < 0.6:  # most of the time the person gets up, or sits down, a little later
                self.left = min(self.left, self.chance.randint(1, 4))
                self.off = frozenset() if event.due.signals else self.off
        elif (tip := follow_up(self.tips, event, self.activity, self.context)) is not None:
            yield self._given(event.t + (event.after_s or 0.0), event, tip)

    def _given(self, t: float, to: Reminder | Response, tip: Tip | None) -> TipDecision:
        given = TipDecision(t, to, tip, self.context)
        if tip is not None:
            self.context = replace(self.context, shown={**self.context.shown, tip.id: t})
        return given

    def _live(self, minute: int) -> None:
        self.left -= 1
        if 210 <= minute < 250:  # lunch
            self._change(Activity.AWAY, 1)
        elif self.left <= 0:
            sits = self.activity is not Activity.SITTING
            spell = self.chance.choice((25, 45, 80, 130)) if sits else self.chance.choice((2, 3, 5, 20, 70))
            to = Activity.STANDING if spell in (5, 20, 70) else Activity.MOVING
            self._change(Activity.SITTING if sits else to, spell)
        for kind, run in self.runs.items():
            home = kind is self.activity
            since = self.since if run.since is None else run.since
            self.runs[kind] = replace(run, seconds=run.seconds + MIN, since=since) if home else Run(after_break=True)
        if minute % 20 == 0:
            slouch = self.chance.choice((*SLOUCHES, {"screen_distance"}, {"screen_distance"}, set(), set()))
            self.off = frozenset(slouch) if self.activity is Activity.SITTING else frozenset()

    def _change(self, to: Activity, minutes: int) -> None:
        if to is not self.activity:
            self.activity, self.since, self.off = to, self.t, frozenset()
        self.left = minutes

    def _situation(self) -> Situation:
        posture = Posture(frozenset().union(*SLOUCHES, {"screen_distance"}), self.off, self.off)
        return Situation(self.t, self.activity, self.since, self.runs, posture, self.activity, MIN)


def _rules(mine: Mapping[str, Limit]) -> dict[str, object]:
    numbers = {
        kind: {key.split(".")[1]: limit.value for key, limit in mine.items() if key.startswith(f"{kind}.")} for kind in SETTABLE
    }
    limited = {name.split(".")[0] for name in LIMITS[PregnancyStage.NOT_PREGNANT]}
    return {kind: row.make(**numbers[kind]) for kind, row in SETTABLE.items() if numbers[kind] or kind not in limited}
