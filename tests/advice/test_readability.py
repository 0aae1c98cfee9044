"""Reading age: understandable at about twelve years, by the Flesch-Kincaid grade and the Flesch reading ease (textstat, English).

Grade 7 of United States schools is twelve to thirteen years; a reading ease of 70 or more is called fairly easy.
"""

import re

import textstat

from monitor.advice import library

GRADE, EASE = 6.5, 70.0
# Words of the trade, which a title must do without.
JARGON = re.compile(
    r"lumbar|pelvi[cs]|lordosis|kyphosis|posture|sedentary|ergonom|isometric|mobilis|thorac|cervical|flexion|extension|gluteal|trimester|"
    r"gestation|abdominal|scapula|musculo|physio|neutral|core\b|DVT|PGP",
    re.IGNORECASE,
)
CARD = library.card()
ACTIONS = CARD.actions.values()
NOTIFICATIONS = {
    **{tip.id: f"{tip.title}. {tip.body}" for tip in library.tips().tips},
    **{action.title: f"{action.title}. {action.body}".replace("{", "").replace("}", "") for action in ACTIONS},
}
LONGER = {
    **{f"{tip.id}, more": tip.more for tip in library.tips().tips},
    **{paragraph.title: paragraph.text for paragraph in library.explanation()},
    **{f"{paragraph.title}, alone": paragraph.alone for paragraph in library.explanation() if paragraph.alone},
}


def test_a_notification_is_understandable_at_twelve():
    grades = {name: textstat.flesch_kincaid_grade(text) for name, text in NOTIFICATIONS.items()}
    ease = {name: textstat.flesch_reading_ease(text) for name, text in NOTIFICATIONS.items()}

    assert {name: grade for name, grade in grades.items() if not grade <= GRADE} == {}
    assert {name: found for name, found in ease.items() if not found >= EASE} == {}


def test_a_longer_text_is_hardly_harder():
    assert {name: g for name, text in LONGER.items() if not (g := textstat.flesch_kincaid_grade(text)) <= GRADE + 1} == {}


def test_no_title_speaks_the_language_of_the_trade():
    titles = [*(tip.title for tip in library.tips().tips), *(p.title for p in library.explanation()), *(a.title for a in ACTIONS)]

    assert [title for title in titles if JARGON.search(title)] == []
