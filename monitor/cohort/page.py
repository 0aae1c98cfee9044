"""The report of a study: one file of HTML with a row for each person, groups beside each other, and what became of each file."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from monitor.cohort.groups import EVERYBODY, SHOWN, Cell, MetricFormat, cells, table_of
from monitor.cohort.people import Status
from monitor.reports.charts.people import Box, PersonShares, boxes_chart, people_chart
from monitor.reports.markup import Markup, element
from monitor.reports.pages.document import document, paragraphs, scrolled, section, table
from monitor.reports.pages.parts import chart_part, foot
from monitor.reports.phrases import many, percent

_SHEETS = ("colours", "charts", "page")
# So many of the figures are shares of the time; the others are of bouts.
_SHARES = 4
_COMPARED = ("sitting_share", "w50_s", "share_30min", "breaks_per_sedentary_h", "unseen_share")
_FOOT = (
    "Estimates of one camera at each desk: desk sitting time, not the whole day and not energy spent. What was not seen enters "
    "no share of the others. Medians and quartiles describe; whether groups differ is for a statistical model to say."
)


def study_page(manifest: Mapping[str, Any], people: Sequence[Mapping[str, Any]], files: Sequence[Mapping[str, Any]]) -> str:
    """The page of a study, from its manifest and the rows of two of its tables."""
    rule = f"{manifest['settings']['valid_day_h']:g}"
    lead = f"{many(len(people), 'participant')}, {many(sum(row['days'] or 0 for row in people), 'day')} with any record, "
    lead += f"{sum(row['valid_days'] or 0 for row in people)} of them valid: the person was seen for {rule} h or longer."
    head = element("header", element("h1", "Study"), element("p", lead, class_="lead"), class_="head")
    body = element("main", head, *_sections(people, files), id="main")
    at = datetime.fromisoformat(manifest["finished"])
    made = f"Made by posture-monitor {manifest['program']} on {at.day} {at:%B %Y, %H:%M} UTC."
    return document("Study: sitting and standing at the desk", (body, foot((_FOOT, made))), _SHEETS)


def _sections(people: Sequence[Mapping[str, Any]], files: Sequence[Mapping[str, Any]]) -> Iterator[Markup]:
    watched = [_shares(row) for row in people if row["valid_days"] and row["seen_s"]]
    if watched:
        yield chart_part(people_chart(watched))
    found = cells(people)
    yield from _groups(found)
    yield from _people(people)
    yield _files(files)


def _shares(row: Mapping[str, Any]) -> PersonShares:
    return PersonShares(row["participant"], row["sitting_s"], row["standing_s"], row["moving_s"], row["unseen_s"])


def _groups(found: Sequence[Cell]) -> Iterator[Markup]:
    for shown in SHOWN:
        if shown.column in _COMPARED:
            boxes = [_box(cell) for cell in found if cell.shown is shown]
            if (drawn := boxes_chart(shown.name, shown.unit, boxes, f"by-{shown.column.replace('_', '-')}")) is not None:
                yield chart_part(drawn)
    if found:
        rows, said = table_of(found)
        side_by_side = scrolled("Groups", table(["Figure", *rows[0][1:]], rows[1:])) if rows else None
        yield section("groups", "Groups", said, side_by_side)


def _box(cell: Cell) -> Box:
    spread = cell.spread
    known = (spread.lower / cell.shown.per, spread.median / cell.shown.per, spread.upper / cell.shown.per)
    return Box(cell.group, spread.people, known if cell.shows else None)


def _people(people: Sequence[Mapping[str, Any]]) -> Iterator[Markup]:
    """Two tables, so that each fits the page: the shares of the time, then the bouts."""
    days = [[row["group"] or EVERYBODY, f"{row['valid_days']} of {row['days']}"] for row in people]
    drawn = _person_table("Participants", people, ["Group", "Valid days"], days, SHOWN[:_SHARES])
    yield section("participants", "Participants: shares of the time", None, drawn, kind="long")
    said = "W50, Gini index and alpha stand only where at least 20 bouts were seen to end."
    drawn = _person_table("Bouts of participants", people, [], [[] for _ in people], SHOWN[_SHARES:])
    yield section("bouts", "Participants: bouts of sitting", said, drawn, kind="long")


def _person_table(
    name: str, people: Sequence[Mapping[str, Any]], heads: list[str], first: Sequence[list[str]], shown: Sequence[MetricFormat]
) -> Markup:
    """A row a person: the cells ``first``, headed ``heads``, and the figures ``shown``."""
    heads = ["Participant", *heads, *(f"{s.name}, {s.unit}".rstrip(", ") for s in shown)]
    rows = [
        [row["participant"], *cells, *(s.text(row[s.column]) for s in shown)] for row, cells in zip(people, first, strict=True)
    ]
    return scrolled(name, table(heads, rows, range(len(heads) - len(shown), len(heads)), stacks=False))


def _files(files: Sequence[Mapping[str, Any]]) -> Markup:
    counts = Counter(row["status"] for row in files)
    said = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in sorted(counts.items()))
    bad = [row for row in files if row["status"] not in {Status.USED, Status.REPEATED, Status.COVERED} or row["cut_off"]]
    rows = [[row["file"], row["participant"], row["kind"], *_became(row)] for row in bad]
    told = (
        table(["File", "Participant", "Kind", "What became of it", "Why"], rows) if rows else paragraphs(["Every file was used."])
    )
    return section("files", "Recordings", f"{said[0].upper()}{said[1:]}." if said else None, told)


def _became(row: Mapping[str, Any]) -> tuple[str, str]:
    status = str(row["status"]).replace("_", " ")
    why = row.get("message") or row["reason"] or ("breaks off; what there is was used" if row["cut_off"] else "")
    return status, why


def unseen_line(people: Sequence[Mapping[str, Any]]) -> str:
    """The share of unseen time of all together."""
    seen, unseen = (sum(row[name] or 0.0 for row in people) for name in ("seen_s", "unseen_s"))
    return f"{percent(unseen / (seen + unseen))} of the time on valid days was unseen" if seen + unseen else "nothing was seen"
