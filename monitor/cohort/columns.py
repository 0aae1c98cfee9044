"""The tables of a study, column by column, with unit, meaning and source; files, documentation and tests are made from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from monitor.core.posture.signals import SIGNALS
from monitor.core.vocabulary import Activity

VERSION = 1
_SBRN = "SBRN: Tremblay 2017"
_CHASTIN = "Chastin & Granat 2010"


class Form(StrEnum):
    """What a column holds; any value may be missing."""

    TEXT = "text"
    COUNT = "whole number"
    NUMBER = "number"
    FLAG = "true or false"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its form, the unit of a number, what it is, who defined it; ``own`` if it tells who and when."""

    name: str
    form: Form
    what: str
    unit: str = ""
    source: str = ""
    own: bool = False


def _text(name: str, what: str, *, own: bool = False) -> Column:
    return Column(name, Form.TEXT, what, own=own)


def _seconds(name: str, what: str, source: str = "") -> Column:
    return Column(name, Form.NUMBER, what, "s", source)


def _share(name: str, what: str, source: str = "") -> Column:
    return Column(name, Form.NUMBER, what, "1", source)


def _count(name: str, what: str, source: str = "") -> Column:
    return Column(name, Form.COUNT, what, "1", source)


_PERSON = _text("participant", "The person: a keyed hash of the id, or the id itself.")
_GROUP = _text("group", "The group that the table of participants names.")
_DAY = Column("study_day", Form.COUNT, "The day of the study, 1 the first; days begin when the participant's do.", "d")
_FILE = _text("file", "The recording: a keyed hash of its place in the folder, or the place itself.")
_DATE = _text("date", "The date of the day (ISO 8601).", own=True)
_VALID = Column("valid_day", Form.FLAG, "Whether the person was seen for long enough on that day; the rule is in the manifest.")

# The fields of ``Accumulation``, by name.
METRICS = (
    _seconds("seen_s", "Time seen at the desk: sitting, standing or moving."),
    _seconds("unseen_s", "Time that the monitor ran and the activity was not known."),
    _share("unseen_share", "Unseen time as a share of seen and unseen time."),
    _seconds("sitting_s", "Sedentary time at the desk.", _SBRN),
    _seconds("standing_s", "Standing without moving about.", _SBRN),
    _seconds("moving_s", "Walking and moving about on the feet."),
    _seconds("away_s", "Nobody at the desk; neither seen nor unseen."),
    _seconds("assumed_s", "Part of sitting_s that was assumed: only head and shoulders showed."),
    _share("sitting_share", "Sitting as a share of the time seen."),
    _share("standing_share", "Standing as a share of the time seen."),
    _share("moving_share", "Moving as a share of the time seen."),
    _count("bouts", "Sedentary bouts of 10 s and longer; unseen time under 60 s does not part them.", _SBRN),
    _seconds("mean_bout_s", "Mean sedentary bout."),
    _seconds("median_bout_s", "Median sedentary bout."),
    _seconds("w50_s", "Usual bout duration W50: half the time is in bouts no longer; empirical, completed bouts.", _CHASTIN),
    Column("gini_index", Form.NUMBER, "Gini index of completed bouts, without the factor n / (n - 1).", "1", _CHASTIN),
    Column("alpha", Form.NUMBER, "Power-law exponent of completed bouts from 60 s on.", "1", _CHASTIN),
    _share("share_30min", "Share of the sitting in bouts that is in bouts of 30 min and longer."),
    _share("share_60min", "Share of the sitting in bouts that is in bouts of 60 min and longer."),
    _count("breaks", "Sedentary bouts that were seen to end, in standing, moving or leaving.", _SBRN),
    Column("breaks_per_sedentary_h", Form.NUMBER, "Breaks per hour of sitting.", "1/h", "PBpatterns: Hibbing"),
    _count("transitions", "Changes from sitting to standing or moving that were seen."),
    Column("transitions_per_seen_h", Form.NUMBER, "Transitions per hour seen.", "1/h"),
    _text("why", "Why there is no W50, Gini index or alpha: too few bouts (under 20), or all alike."),
)

TABLES: Mapping[str, tuple[Column, ...]] = {
    "bouts": (
        _PERSON,
        _GROUP,
        _DAY,
        _seconds("start_s", "When it began, since the day did."),
        _text("start", "When it began (ISO 8601, by the person's clock).", own=True),
        _seconds("duration_s", "How long it lasted, within its day."),
        _text("activity", "sitting, standing, moving, away or unknown."),
        _text("certainty", "seen, assumed or unknown."),
        _text("why", "Why it is unknown."),
        _text("source", "history, export, trace or video."),
        _FILE,
        _VALID,
    ),
    "minutes": (
        _PERSON,
        _DAY,
        _seconds("start_s", "When the minute began, since the day did."),
        _text("start", "When it began (ISO 8601, by the person's clock).", own=True),
        *(_seconds(f"{kind}_s", f"Seconds of the minute: {kind}.") for kind in Activity),
        *(
            column
            for s in SIGNALS
            for column in (
                Column(s.name, Form.NUMBER, "Mean of the signal over the seconds measured.", s.unit),
                _seconds(f"{s.name}_measured_s", "Seconds in which it was measured."),
            )
        ),
    ),
    "days": (_PERSON, _GROUP, _DAY, _DATE, _VALID, *METRICS),
    "participants": (
        _PERSON,
        _GROUP,
        _count("days", "Days with any record."),
        _count("valid_days", "Days that count; the metrics are of these alone."),
        *METRICS,
    ),
    "files": (
        _FILE,
        _PERSON,
        _text("kind", "history, export, trace or video."),
        _text("status", "used, repeated, covered, empty, refused, or not_in_table."),
        _text("reason", "Why it was refused, by the kind of failure."),
        _text("message", "The same as a line for people.", own=True),
        Column("cut_off", Form.FLAG, "Whether the recording breaks off; what there is of it was used."),
        Column("bytes", Form.COUNT, "Its size.", "byte"),
        _text("content", "SHA-256 of its bytes: keyed, or the plain one."),
        _seconds("used_s", "How much of its time is in the tables: what another recording told already is left out."),
    ),
}


def columns_of(table: str, *, own: bool) -> tuple[Column, ...]:
    """The columns of a table, with names of their own or without."""
    return tuple(column for column in TABLES[table] if own or not column.own)
