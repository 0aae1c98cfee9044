"""All settings as one frozen typed value."""

from dataclasses import replace
from datetime import tzinfo
from typing import Literal

from pydantic import Field

from monitor.config.fields import ACTIVITYWATCH_PORT, LoopbackAddress, minutes_of_day
from monitor.config.generated import ReminderSections, SignalSections
from monitor.config.sections import (
    AdviceSettings,
    CameraSettings,
    ContactSettings,
    DataSettings,
    DaySettings,
    NotificationSettings,
    ScreenSettings,
    Section,
    SilenceSettings,
)
from monitor.core.posture.signals import SIGNALS, Signal
from monitor.core.reminders.kinds import SETTABLE, ReminderClock
from monitor.core.reminders.rules import Rule
from monitor.core.reminders.suppression import SuppressionPolicy


class Settings(Section):
    """Everything a person can set; each field is a key of ``settings.toml``."""

    model: str | None = None
    engine: Literal["auto", "mediapipe", "litert"] = "auto"
    profile: str = "default"
    notify: Literal["desktop", "console", "none"] = "desktop"
    camera: CameraSettings = CameraSettings()
    screen: ScreenSettings = ScreenSettings()
    notifications: NotificationSettings = NotificationSettings()
    contacts: ContactSettings = ContactSettings()
    advice: AdviceSettings = AdviceSettings()
    day: DaySettings = DaySettings()
    data: DataSettings = DataSettings()
    silence: SilenceSettings = SilenceSettings()
    buttons: bool = True
    tray: bool = True
    break_window: bool = False
    activitywatch: bool = False
    activitywatch_address: LoopbackAddress = f"http://127.0.0.1:{ACTIVITYWATCH_PORT}"
    reminders: ReminderSections = Field(default_factory=ReminderSections)
    signals: SignalSections = Field(default_factory=SignalSections)

    def policy(self, tz: tzinfo) -> SuppressionPolicy:
        """When the person is left in peace, in that time zone."""
        return replace(self.silence.policy(tz), begins_min=minutes_of_day(self.day.begins_at))

    def rules(self) -> dict[str, Rule]:
        """The reminders in force by kind, as the settings have them, whatever the stage."""
        return {kind: SETTABLE[kind].make(**numbers) for kind, numbers in self.numbers().items()}

    def numbers(self) -> dict[str, dict[str, float]]:
        """The numbers of every reminder that is enabled, by kind and key."""
        chosen = {kind: getattr(self.reminders, kind) for kind in SETTABLE}
        numbers = {kind: section.model_dump(exclude={"enabled"}) for kind, section in chosen.items() if section.enabled}
        after = {"after_min": self.reminders.posture_after_min}
        return {kind: own | (after if SETTABLE[kind].clock is ReminderClock.POSTURE else {}) for kind, own in numbers.items()}

    def own(self) -> dict[str, float]:
        """The reminders' numbers that the person has set herself, by ``kind.key``."""
        chosen = {kind: getattr(self.reminders, kind) for kind in SETTABLE}
        return {f"{kind}.{key}": getattr(s, key) for kind, s in chosen.items() for key in s.model_fields_set - {"enabled"}}

    def table(self) -> tuple[Signal, ...]:
        """The signals with the tolerances in force."""
        return tuple(replace(s, tolerance=self._tolerance(s)) for s in SIGNALS)

    def _tolerance(self, signal: Signal) -> float | None:
        return getattr(self.signals, signal.name).tolerance if signal.tolerance is not None else None
