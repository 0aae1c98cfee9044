"""The drawn movements: bodies that could be, inside their pictures, for every movement tip."""

import math
import re
from itertools import chain

from chart_cases import GOLDEN_FIGURES, figures

from monitor.advice import library
from monitor.reports.charts.exercises import BY_SUBJECT, BY_TIP, CELL, HEIGHT, draw_exercise, steps_of
from monitor.reports.charts.figures import FOREARM, SHANK, THIGH, TRUNK, UPPER_ARM, Side, landmarks
from monitor.reports.pages.tips import tip_page

# Subjects of tips that are movements; the others are about a chair, a screen, water, rest or sleep.
MOVEMENTS = {"walk", "rise", "march", "sway", "shift", "tilt", "cat", "calves", "ankles", "shoulders", "chest", "neck", "hands"}
STEPS = {**BY_SUBJECT, **BY_TIP}


def test_every_movement_tip_is_drawn_in_two_to_four_postures():
    moves = [tip for tip in library.tips().tips if tip.subject in MOVEMENTS]

    assert len(moves) > 30
    assert [tip.id for tip in moves if not 2 <= len(steps_of(tip)) <= 4] == []
    assert [name for name, steps in STEPS.items() if not all(3 < len(step.words) <= 40 for step in steps)] == []


def test_drawings_belong_to_tips_and_subjects_that_exist():
    tips = library.tips().tips

    assert set(BY_TIP) - {tip.id for tip in tips} == set()
    assert set(BY_SUBJECT) - {tip.subject for tip in tips} == set()


def test_limbs_keep_their_length_and_nobody_sinks_into_the_floor():
    def faults(posture):
        p = landmarks(posture)
        sides = ("near", "far") if isinstance(posture, Side) else ()
        pairs = [(p["hip"], p["shoulder"], TRUNK)]
        for side in sides:
            pairs += [(p["hip"], p[f"{side}_knee"], THIGH), (p[f"{side}_knee"], p[f"{side}_ankle"], SHANK)]
            pairs += [(p["shoulder"], p[f"{side}_elbow"], UPPER_ARM), (p[f"{side}_elbow"], p[f"{side}_wrist"], FOREARM)]
        lengths = all(math.isclose(math.dist(a, b), length) for a, b, length in pairs)
        return not lengths or min(y for _, y in p.values()) < -1e-9

    postures = {step.posture for step in chain.from_iterable(STEPS.values())}

    assert len(postures) > 30
    assert [posture for posture in postures if faults(posture)] == []


def test_every_drawing_stays_inside_its_picture():
    def outside(name):
        drawn = draw_exercise(name, STEPS[name], "x")
        places = [
            tuple(map(float, xy)) for d in re.findall(r' d="([^"]+)"', drawn) for xy in re.findall(r"(-?[\d.]+) (-?[\d.]+)", d)
        ]
        return any(not (-2 <= x <= CELL * len(STEPS[name]) + 2 and -2 <= y <= HEIGHT) for x, y in places)

    assert [name for name in STEPS if outside(name)] == []


def test_figures_are_drawn_as_in_their_golden_file():
    assert GOLDEN_FIGURES.read_text(encoding="utf-8") == figures()


def test_a_tip_has_a_page_of_its_own_with_its_steps_and_the_way_to_the_warning_signs():
    tip = next(tip for tip in library.tips().tips if tip.id == "tilt_wall")
    page = tip_page(tip, pregnant=True)

    assert page.count("<li>") == len(steps_of(tip))
    assert tip.body in page
    assert "redflags" in page
