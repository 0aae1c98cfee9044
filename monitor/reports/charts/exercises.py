"""The movement tips as two to four postures each, with a few words for each posture.

A tip has its own drawing or that of its subject; a tip that is not a movement (a cushion, a glass of water) has none.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.advice.catalogue import Tip
from monitor.reports.charts.drawing import Words, flat, line, path, rect, svg, text
from monitor.reports.charts.drawing import circle as dot
from monitor.reports.charts.figures import Front, Posture, Side, Stand, draw_figure, landmarks
from monitor.reports.markup import Markup, number

CELL, HEIGHT, _FLOOR, _SCALE = 85.0, 112.0, 104.0, 0.86


@dataclass(frozen=True, slots=True)
class Step:
    """A posture, what to do in it, and the things that stand around."""

    posture: Posture
    words: str
    things: tuple[str, ...] = ()


Steps = tuple[Step, ...]
_CHAIR, _WALL, _DESK, _BOX = "chair", "wall", "desk", "box"
_SIT = Side(thighs=(88, 84), knees=(88, 84), arms=(38, 38), elbows=(40, 40))
_READY = Side(lean=32, thighs=(88, 84), knees=(104, 100), arms=(40, 40), elbows=(30, 30), nod=-14)
_UP = Side()
_STEP = Side(thighs=(22, -16), knees=(4, 22), arms=(-18, 18), toes=(-8, 22))
_PASS = Side(thighs=(2, 8), knees=(0, 46), arms=(4, -4), toes=(0, 30))
_OTHER = Side(thighs=(-16, 22), knees=(22, 4), arms=(18, -18), toes=(22, -8))
_FOURS = Side(lean=70, thighs=(0, 0), knees=(90, 90), arms=(0, 4), elbows=(0, 0), nod=-8)
_FRONT_SIT = Front(seated=True, legs=(10, 10), arms=(12, 12), forearms=(-14, -14))

_WALK: Steps = (Step(_STEP, "Small, slow steps"), Step(_PASS, "Let your arms hang loose"), Step(_OTHER, "Come back as you like"))
_RISE: Steps = (
    Step(_SIT, "Slide to the front of the seat", (_CHAIR,)),
    Step(_READY, "Lean forward, push with your hands", (_CHAIR,)),
    Step(_UP, "Stand still for a breath"),
)
_SHIFT: Steps = (
    Step(replace(_FRONT_SIT, sway=-12), "Lean a little to one side"),
    Step(_FRONT_SIT, "Back to the middle"),
    Step(replace(_FRONT_SIT, sway=12), "Then to the other"),
)
_SHRUG: Steps = (
    Step(_FRONT_SIT, "Let your shoulders hang"),
    Step(replace(_FRONT_SIT, arms=(10, 10), forearms=(-12, -12), shrug=5), "Lift them, slowly"),
    Step(_FRONT_SIT, "Let them sink again"),
)
_CALF: Steps = (
    Step(
        Side(lean=10, thighs=(12, -24), knees=(20, 0), arms=(62, 60), elbows=(10, 10), toes=(0, 0)),
        "One foot back, heel down",
        (_DESK,),
    ),
    Step(
        Side(lean=14, thighs=(24, -30), knees=(34, 0), arms=(66, 64), elbows=(6, 6), toes=(0, 0)),
        "Bend the front knee; hold",
        (_DESK,),
    ),
)

BY_SUBJECT: Mapping[str, Steps] = {
    "walk": _WALK,
    "rise": _RISE,
    "march": (
        Step(Side(thighs=(62, 0), knees=(72, 0), arms=(30, 30), elbows=(30, 30)), "One knee up, low", (_DESK,)),
        Step(Side(thighs=(0, 62), knees=(0, 72), arms=(30, 30), elbows=(30, 30)), "Then the other", (_DESK,)),
    ),
    "sway": (
        Step(Front(sway=-7, legs=(16, 2)), "Weight on one foot"),
        Step(Front(legs=(9, 9)), "Through the middle"),
        Step(Front(sway=7, legs=(2, 16)), "Weight on the other"),
    ),
    "shift": _SHIFT,
    "tilt": (
        Step(
            replace(_SIT, arms=(30, 30), elbows=(50, 50), rounding=-4),
            "Roll your hips forward",
            (_CHAIR,),
        ),
        Step(replace(_SIT, arms=(30, 30), elbows=(50, 50), rounding=5), "Roll them back, small", (_CHAIR,)),
    ),
    "cat": (
        Step(_FOURS, "Back straight"),
        Step(replace(_FOURS, nod=50, rounding=8), "Round it up slowly"),
        Step(_FOURS, "Back to straight, no sag"),
    ),
    "calves": _CALF,
    "ankles": (
        Step(replace(_SIT, knees=(40, 84), toes=(-30, 0)), "Lift one foot, toes up", (_CHAIR,)),
        Step(replace(_SIT, knees=(40, 84), toes=(20, 0)), "And round, slowly", (_CHAIR,)),
        Step(_SIT, "Then the other foot", (_CHAIR,)),
    ),
    "shoulders": _SHRUG,
    "chest": (
        Step(replace(_FRONT_SIT, arms=(4, 4), forearms=(-70, -70)), "Elbows at your sides"),
        Step(replace(_FRONT_SIT, arms=(6, 6), forearms=(80, 80)), "Turn your hands out; breathe"),
    ),
    "neck": (
        Step(replace(_FRONT_SIT, turn=-1), "Look to one side"),
        Step(_FRONT_SIT, "Back to the middle"),
        Step(replace(_FRONT_SIT, turn=1), "Look to the other"),
    ),
    "hands": (
        Step(Front(arms=(10, 10), forearms=(6, 6)), "Let your arms hang"),
        Step(Front(arms=(16, 16), forearms=(40, 40)), "Shake your hands, loose"),
    ),
    "stool": (
        Step(Side(thighs=(52, 0), knees=(52, 0)), "One foot on a low box", (_BOX,)),
        Step(_UP, "Change feet now and then"),
    ),
}
BY_TIP: Mapping[str, Steps] = {
    "side_steps": (
        Step(Front(legs=(2, 2)), "Stand at the desk"),
        Step(Front(legs=(2, 26), sway=4), "Step to one side"),
        Step(Front(legs=(2, 2)), "And back"),
    ),
    "back_and_forth": (
        Step(replace(_SIT, lean=-14, arms=(24, 24), elbows=(30, 30)), "Lean back", (_CHAIR,)),
        Step(replace(_SIT, lean=34, arms=(36, 34), elbows=(54, 54), nod=-10), "Forward on your arms", (_CHAIR, _DESK)),
    ),
    "tilt_wall": (
        Step(Side(thighs=(14, 12), knees=(14, 12), rounding=-3), "Back to the wall, knees soft", (_WALL,)),
        Step(Side(thighs=(18, 16), knees=(18, 16), rounding=1), "Press your low back to it; let go", (_WALL,)),
    ),
    "tilt_standing": (
        Step(Side(thighs=(8, 6), knees=(8, 6), rounding=-3), "Knees soft"),
        Step(Side(thighs=(12, 10), knees=(12, 10), rounding=3), "Tuck your tail in, let go"),
    ),
    "all_fours_rest": (
        Step(Side(knees=(90, 90), arms=(30, 28)), "Down on your knees, a chair in reach"),
        Step(_FOURS, "Hands down; a few slow breaths"),
    ),
    "cat_seated": (
        Step(replace(_SIT, lean=10, arms=(52, 50), elbows=(8, 8)), "Hands on your knees", (_CHAIR,)),
        Step(replace(_SIT, lean=12, arms=(56, 54), elbows=(8, 8), rounding=8, nod=34), "Round your back", (_CHAIR,)),
    ),
    "cat_desk": (
        Step(Side(lean=52, thighs=(-2, -2), arms=(64, 62), elbows=(0, 0), nod=-10), "Hands on the desk", (_DESK,)),
        Step(Side(lean=48, thighs=(-2, -2), arms=(58, 56), elbows=(0, 0), rounding=8, nod=34), "Round your back", (_DESK,)),
    ),
    "calf_raises": (
        Step(Side(arms=(46, 44), elbows=(12, 12)), "Hold the desk", (_DESK,)),
        Step(Side(arms=(42, 40), elbows=(8, 8), toes=(45, 45)), "Up on your toes, and down", (_DESK,)),
    ),
    "heels_and_toes": (
        Step(replace(_SIT, knees=(88, 84), toes=(28, 28)), "Lift your heels", (_CHAIR,)),
        Step(replace(_SIT, knees=(88, 84), toes=(-24, -24)), "Then your toes", (_CHAIR,)),
    ),
    "reach_up": (
        Step(replace(_FRONT_SIT, arms=(172, 12), forearms=(176, -14)), "Reach one arm up"),
        Step(replace(_FRONT_SIT, arms=(12, 172), forearms=(-14, 176)), "Then the other"),
    ),
    "neck_long": (
        Step(replace(_SIT, rounding=4, nod=18), "As you sit now", (_CHAIR,)),
        Step(_SIT, "A little taller, then soft", (_CHAIR,)),
    ),
    "head_back": (
        Step(replace(_SIT, nod=28), "Look ahead", (_CHAIR,)),
        Step(_SIT, "Let your head glide back", (_CHAIR,)),
    ),
    "sit_to_stand": (*_RISE, Step(_SIT, "Sit down slowly", (_CHAIR,))),
}  # fmt: skip


def steps_of(tip: Tip) -> Steps:
    """The postures of a tip; empty if it is not a movement."""
    return BY_TIP.get(tip.id) or BY_SUBJECT.get(tip.subject, ())


def draw_exercise(title: str, steps: Sequence[Step], name: str, *, pregnant: bool = False) -> Markup:
    """The postures side by side, numbered; their text stands outside the drawing."""
    told = "; ".join(f"{n}: {step.words}" for n, step in enumerate(steps, 1))
    cells = [_cell(step, n, CELL * n, pregnant=pregnant) for n, step in enumerate(steps)]
    return svg(name, Words(title, f"{told}."), CELL * len(steps), HEIGHT, flat(*cells))


def _cell(step: Step, n: int, left: float, *, pregnant: bool) -> Iterator[Markup]:
    points = landmarks(step.posture)
    xs = [x for x, _ in points.values()]
    at = Stand(left + CELL / 2 - _SCALE * (min(xs) + max(xs)) / 2, _FLOOR, _SCALE)
    yield line(left + 4, _FLOOR + 1, left + CELL - 4, _FLOOR + 1, "thing")
    for thing in step.things:
        yield from _THINGS[thing](points, at)
    yield from draw_figure(step.posture, at, pregnant=pregnant)
    yield dot(left + 11, 11, 9, "step")
    yield text(left + 11, 15.5, str(n + 1), "m s onstep")


def _chair(points: Mapping[str, tuple[float, float]], at: Stand) -> Iterator[Markup]:
    x, y = points["hip"]
    seat, back, front = y - 6.5, x - 11, x + 13
    yield _drawn(at, [(back, seat), (front, seat)])
    yield _drawn(at, [(back, seat), (back - 3, seat + 26)])
    yield _drawn(at, [(x + 1, seat), (x + 1, 0)])


def _wall(points: Mapping[str, tuple[float, float]], at: Stand) -> Iterator[Markup]:
    x = min(points["hip"][0], points["shoulder"][0]) - 9.5
    yield _drawn(at, [(x, 0), (x, 102)])


def _desk(points: Mapping[str, tuple[float, float]], at: Stand) -> Iterator[Markup]:
    x, y = points["near_wrist"]
    yield _drawn(at, [(x - 8, y - 4), (x + 12, y - 4), (x + 12, 0)])


def _box(points: Mapping[str, tuple[float, float]], at: Stand) -> Iterator[Markup]:
    x, y = points["near_ankle"]
    left, top = at((x - 6, y - 4.5))
    yield rect(left, top, 18 * at.scale, at.floor - top, "soft")


def _drawn(at: Stand, points: Sequence[tuple[float, float]]) -> Markup:
    return path("M" + "L".join(f"{number(x)} {number(y)}" for x, y in map(at, points)), "thing")


_THINGS: Mapping[str, Callable[[Mapping[str, tuple[float, float]], Stand], Iterator[Markup]]] = {
    _CHAIR: _chair,
    _WALL: _wall,
    _DESK: _desk,
    _BOX: _box,
}
