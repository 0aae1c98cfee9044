"""Every text of the advice with its level, source and mark, as one table for a clinician to correct and sign."""

from collections.abc import Iterator

from monitor.advice.catalogue import Citation, Paragraph, Tips
from monitor.advice.pregnancy import PregnancyStage
from monitor.advice.red_flags import Card, Symptom
from monitor.reports.markup import element
from monitor.reports.pages.document import document, table

_HEADS = ("Text", "What", "When or level", "Source", "Mark", "Right? Correction")
Row = tuple[str, str, str, str, str, str]


def review_page(card: Card, tips: Tips, paragraphs: tuple[Paragraph, ...], sources: dict[str, Citation]) -> str:
    """The table as one HTML file."""
    title = "Texts to review"
    lead = (
        "P: a public page says so. K: told by others, or general knowledge, to be confirmed. Own words: ours, after the source. "
        "Please correct what is wrong, and sign below."
    )
    rows = [*_card(card, sources), *_tips(tips, sources), *_paragraphs(paragraphs, sources)]
    sign = element("p", "Name, profession, date and signature: ...............................................................")
    return document(
        title, [element("main", element("h1", title), element("p", lead), table(_HEADS, rows), sign, id="main")], _SHEETS
    )


_SHEETS = ("colours", "page")


def _card(card: Card, sources: dict[str, Citation]) -> Iterator[Row]:
    for key, action in card.actions.items():
        yield f"{action.title}. {action.body} {action.more}", f"answer {key}", "", "", "own words", ""
    for symptom in card.symptoms.values():
        named = sources[symptom.source]
        yield symptom.name, f"sign {symptom.id}", _levels(symptom), f"{named.author}: {named.title}", symptom.mark, ""
        for rule in symptom.raised:
            yield f"{symptom.name}: {rule.when}", f"rule of {symptom.id}", rule.level.name, "", rule.mark, ""


def _levels(symptom: Symptom) -> str:
    return ", ".join(
        f"{stage.value.replace('_', ' ')} {symptom.urgency[stage].name}" for stage in PregnancyStage if stage in symptom.urgency
    )


def _tips(tips: Tips, sources: dict[str, Citation]) -> Iterator[Row]:
    for tip in tips.tips:
        stages = "any stage" if len(tip.stages) == len(PregnancyStage) else ", ".join(sorted(tip.stages)).replace("_", " ")
        never = f"; not with: {', '.join(sorted(tip.forbidden_by)).replace('_', ' ')}" if tip.forbidden_by else ""
        named = sources[tip.source]
        words = f"{tip.title}. {tip.body} {tip.more}"
        yield words, f"tip {tip.id}", f"{stages}{never}", f"{named.author}: {named.title}", named.mark(tip.id), ""


def _paragraphs(paragraphs: tuple[Paragraph, ...], sources: dict[str, Citation]) -> Iterator[Row]:
    for one in paragraphs:
        named = sources[one.source]
        for text, what in ((one.text, "explanation"), (one.alone, "explanation, no baby with her")):
            if text:
                yield f"{one.title}. {text}", what, "", f"{named.author}: {named.title}", named.mark(one.title), ""
