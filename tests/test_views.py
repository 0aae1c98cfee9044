"""Which side of a person is seen, on the project's rendered pictures of people at desks, whose turn is known."""

import csv
import json

import pytest
from laws import PROFILE
from program import SHARED, done

RENDERS = SHARED / "renders"
pytestmark = [
    pytest.mark.usefixtures("model"),
    pytest.mark.footage,
    pytest.mark.skipif(not RENDERS.is_dir(), reason="the project's shared footage is not here"),
]


def true_view(yaw_deg):
    """Side within 20 deg of square, front within 20 deg of facing; nothing is expected of the rest."""
    if abs(abs(yaw_deg) - 90) <= 20:
        return "side"
    return "front" if abs(yaw_deg) <= 20 else None


def test_the_view_is_right_on_nearly_all_rendered_pictures(tmp_path):
    with (RENDERS / "truth.csv").open() as file:
        truth = {row["file"]: (float(row["yaw"]), true_view(float(row["yaw"]))) for row in csv.DictReader(file)}
    every = {"few": 3, "many": 1}[PROFILE]
    known = dict([(name, one) for name, one in truth.items() if one[1]][::every])
    output = done("analyze", "--json", *(RENDERS / name for name in known), "--data", tmp_path)
    seen = [row["view"] for row in map(json.loads, output.splitlines())]
    wrong = [
        f"{name}: turned {yaw:.0f} deg, {view} seen as {got}"
        for (name, (yaw, view)), got in zip(known.items(), seen, strict=True)
        if got != view
    ]
    print(*wrong, sep="\n")

    assert {view for _, view in known.values()} == {"side", "front"}
    assert len(wrong) <= max(1, 0.03 * len(known)), wrong
