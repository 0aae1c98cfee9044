"""Fit the numbers of ``monitor/core/lumbar_model.py`` on rendered bodies whose lumbar angle is known.

    python tests/benchmarks/lumbar_renders.py RENDERER PICTURES          # once: 0.5 s a picture, 2.5 s one in cloth
    python tests/benchmarks/fit_lumbar.py PICTURES MODEL.task [--write]  # landmarks are kept beside the pictures

Every picture is seen twice: as it is, and with folds laid on its outline.  Five fits:
  rows        is a row of the outline free, or hidden by arm, hair or chair, or no edge: one logistic judgement per cause
  levels      heights of L5/S1 and T12/L1 from the knees
  correction  true angle minus geometric angle: ridge regression with Huber weights on the features of ``lumbar_features``, and
              radial basis functions on what that leaves
  cloth       is it loose cloth: logistic, on pictures without laid folds; and the angle if it is: boosted trees on cloth alone
  spread      log of the error's scale, Student's t, on errors of five-fold cross-fitting by body
What is reported is cross-fitted by body too: no error is that of a body the correction was fitted on.
"""

# ruff: noqa: N803, N806  # capitals: matrices, and the renderer's own argument names
from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boosted_trees
import cv2
import numpy as np

ROOT = next(p for p in Path(__file__).resolve().parents if (p / "monitor").is_dir())
sys.path.insert(0, str(ROOT))

from monitor.adapters.vision import silhouette  # noqa: E402
from monitor.adapters.vision.silhouette.colour_band import sample  # noqa: E402
from monitor.core.back import lumbar, lumbar_bodies, lumbar_model, lumbar_trees, outline_rows  # noqa: E402
from monitor.core.back import lumbar_correction as correction  # noqa: E402
from monitor.core.back.lumbar_features import features  # noqa: E402
from monitor.core.body.outline import HEIGHTS, LUMBAR, curve  # noqa: E402
from monitor.core.vocabulary import Reason  # noqa: E402

CAUSES = {"arm": 1, "hair": 2, "chair": 3, "edge": 5}  # ids of the truth; 4 = no trunk in that row; 5 = edge missed by 10 mm
JUDGED = (HEIGHTS > 0.0) & (HEIGHTS < 0.85)
FOLDS = 5
BODIES = 400  # basis functions: of 240, the correction of cloth is 0.2 deg worse
MOSTLY_FREE = 0.3  # share of hidden rows below which a body is fitted on
CORNER = 6.0  # deg: errors beyond count only in proportion
CLOTH, PREVALENCE = "kghru", 0.3
ALIKE = 3.0  # how much a likeness counts beside a feature in the gate's ridge
FREEDOM = 6.0  # of Student's t: fewer would call every large error of cloth an outlier
TAIL_COUNTS = 10.0  # how much the errors beyond two spreads count
WIDEST = 4.0  # log deg
CORRECTION = ("CENTRE", "SPREAD", "CORRECTION_0", "CORRECTION", "BODIES", "WEIGHTS", "WORN_CENTRE", "WORN_SPREAD", "CLOTH_0",
              "CLOTH", "CLOTH_ALIKE")  # fmt: skip
IN_BODIES, IN_TREES = ("BODIES", "WEIGHTS", "CLOTH_ALIKE", "WIDTH"), ("MEAN", "FEATURES", "CUTS", "LEAVES")
KINDS = {
    "clean": "nl",
    "wide": "w",
    "slumped": "s",
    "turned": "t",
    "dark": "b",
    "chair": "c",
    "cloth": "kg",
    "hunched": "h",
    "rounded": "r",
    "upright": "u",
}
# Of the spread's features: an unusual body, angle and lean.  In cloth they tell nothing of the error.
NO_SIGN_IN_CLOTH = np.isin(np.arange(24), [3, 4, 22, 23])
WORSE = 7  # the features of the spread that can only make a reading worse


@dataclass
class Picture:
    """One rendered picture: what was seen in it and what is true."""

    name: str
    traced: silhouette.Traced
    xy: Any
    visibility: Any
    cause: Any  # (n,) 0 free (or only touched), else see CAUSES
    spec: dict[str, Any]
    truth: dict[str, float]

    @property
    def angle(self) -> float:
        return self.truth["lord_S2_T12_deg"]

    @property
    def hidden(self) -> float:
        return self.truth["back_occl_frac"]

    @property
    def body(self) -> str:
        """What one body's pictures have in common: those of a ladder are of one body."""
        return self.name[:7] if self.name[4] == "l" else self.name


# --- seeing -----------------------------------------------------------------------------------------------------------------


def landmarks(folder: Path, model: Path) -> None:
    """Write NAME.npz (landmarks, image heights) and NAME.mask.png beside each picture that lacks them."""
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model)),
        running_mode=vision.RunningMode.IMAGE,
        output_segmentation_masks=True,
    )
    todo = [p for p in sorted(folder.glob("*.json")) if not p.with_suffix(".npz").exists()]
    if not todo:
        return
    with vision.PoseLandmarker.create_from_options(options) as engine:
        for path in todo:
            rgb = np.ascontiguousarray(cv2.imread(str(path.with_suffix(".jpg")))[:, :, ::-1])
            got = engine.detect(mp.Image(mp.ImageFormat.SRGB, rgb))
            points = got.pose_landmarks[0] if got.pose_landmarks else []
            aspect = rgb.shape[1] / rgb.shape[0]
            np.savez(path.with_suffix(".npz"), lm=np.array([[p.x * aspect, p.y, p.visibility] for p in points]).reshape(-1, 3))
            if points:
                mask = (got.segmentation_masks[0].numpy_view().squeeze() * 255).round().astype(np.uint8)
                cv2.imwrite(str(path.with_suffix(".mask.png")), mask)


def look(folder: Path, name: str) -> Picture | None:
    """What the silhouette finds in a picture, and the truth beside it; None where no person or trunk is found."""
    lm = np.load(folder / f"{name}.npz")["lm"]
    if not len(lm):
        return None
    rgb = np.ascontiguousarray(cv2.imread(str(folder / f"{name}.jpg"))[:, :, ::-1])
    mask = cv2.imread(str(folder / f"{name}.mask.png"), 0).astype(np.float32) / 255
    xy = np.round(lm[:, :2], 4)
    traced = silhouette.trace(rgb, mask, xy)
    if traced is None:
        return None
    true = json.loads((folder / f"{name}.json").read_text())
    cause = _true_cause(cv2.imread(str(folder / f"{name}.png")), traced)
    cause = np.where((cause == 3) & _beside(true, traced), 0, cause)
    return Picture(name, traced, xy, lm[:, 2], cause, true["spec"], true["truth"])


def _true_cause(drawn: Any, traced: silhouette.Traced) -> Any:
    """What hides each row (n,), from the renderer's object ids: 4 arm, 5 hair just inside the edge, 2 furniture just outside."""
    ids, cover = drawn[:, :, 0], drawn[:, :, 1].astype(np.float32) / 255
    soft = sample(cover, traced.frame, HEIGHTS, silhouette.COARSE)
    edge = outline_rows.first_fall(soft, silhouette.COARSE, 0.5)
    px = 1 / (traced.frame.length * traced.height)

    def ids_at(offset: float) -> Any:
        x, y = (traced.frame.place(HEIGHTS, np.nan_to_num(edge) + offset * px) * traced.height).astype(int).T
        return ids[np.clip(y, 0, ids.shape[0] - 1), np.clip(x, 0, ids.shape[1] - 1)]

    inside, outside = np.array([ids_at(-k) for k in (0.7, 1.5, 2.5)]), np.array([ids_at(k) for k in (1.5, 2.5, 3.5)])
    missed = np.abs(traced.outward - edge) > 0.02
    cause = np.select([(inside == 4).any(0), (inside == 5).any(0), (outside == 2).any(0), missed], [1, 2, 3, 5], 0)
    return np.where(np.isfinite(edge), cause, 4)


def _beside(true: dict[str, Any], traced: silhouette.Traced) -> Any:
    """Rows (n,) whose edge lies where the back's own midline lets expect it: a chair that only touches does no harm there.

    Skin and clothes lie about 0.015 trunk lengths behind the midline, more from a turned camera (measured on free rows).
    """
    if "back" not in true:
        return np.zeros(len(HEIGHTS), dtype=bool)
    at = traced.frame.coordinates(np.array(true["back"]) / traced.height)
    at = at[np.argsort(at[:, 0])]
    usual = 0.015 + 0.0018 * abs(abs(true["spec"]["yaw"]) - 90)
    return np.abs(traced.outward - np.interp(HEIGHTS, at[:, 0], at[:, 1]) - usual) < 0.045


# --- fitting ----------------------------------------------------------------------------------------------------------------


def logistic(X: Any, y: Any, ridge: float = 30.0, weight: Any = 1.0) -> Any:
    """Weights of a ridge logistic regression by Newton's steps."""
    b = np.zeros(X.shape[1])
    for _ in range(12):
        p = 1 / (1 + np.exp(-np.clip(X @ b, -30, 30)))
        w = weight * (p * (1 - p) + 1e-4)
        b += np.linalg.solve((X * w[:, None]).T @ X + ridge * np.eye(len(b)), X.T @ (weight * (y - p)) - ridge * b)
    return b


def fit_rows(pictures: list[Picture]) -> dict[str, Any]:
    """The rows' judgement."""
    X = np.vstack([p.traced.features[JUDGED] for p in pictures])
    cause = np.concatenate([p.cause[JUDGED] for p in pictures])
    X, cause = X[cause != 4], cause[cause != 4]
    centre, spread = X.mean(0), X.std(0) + 1e-9
    z = np.clip((X - centre) / spread, -3, 3)
    z = np.column_stack([np.ones(len(z)), z])
    odds = [
        logistic(z[(cause == 0) | (cause == c)], (cause[(cause == 0) | (cause == c)] == c).astype(float)) for c in CAUSES.values()
    ]
    return {"ROW_CAUSES": tuple(CAUSES), "ROW_CENTRE": centre, "ROW_SPREAD": spread, "ROW_ODDS": np.array(odds)}


def huber_ridge(X: Any, y: Any, weight: Any, ridge: float = 10.0) -> tuple[float, Any]:
    """Constant and weights of a ridge regression that counts errors beyond ``CORNER`` only in proportion."""
    w, A = weight, np.column_stack([np.ones(len(y)), X])
    penalty = ridge * np.diag([0.0] + [1.0] * X.shape[1])
    b = np.zeros(A.shape[1])
    for _ in range(8):
        b = np.linalg.solve((A * w[:, None]).T @ A + penalty, (A * w[:, None]).T @ y)
        w = weight * np.minimum(1, CORNER / np.maximum(np.abs(y - A @ b), 1e-6))
    return float(b[0]), b[1:]


def kernel_ridge(K: Any, among: Any, y: Any, weight: Any, ridge: float = 0.3) -> Any:
    """Weights (m,) of the basis functions whose values are ``K`` (n, m), and ``among`` (m, m) at their own middles."""
    w, b = weight, np.zeros(K.shape[1])
    for _ in range(5):
        b = np.linalg.solve((K * w[:, None]).T @ K + ridge * among + 1e-5 * np.eye(len(b)), (K * w[:, None]).T @ y)
        w = weight * np.minimum(1, CORNER / np.maximum(np.abs(y - K @ b), 1e-6))
    return b


@dataclass
class Seen:
    """A readable picture, or its twin with folds, reduced to numbers."""

    picture: Picture
    twin: bool
    outline: Any
    line: Any
    seen: Any
    geometric: float

    @property
    def missing(self) -> float:
        return self.picture.angle - self.geometric

    @property
    def cloth(self) -> bool:
        return self.picture.name[4] in CLOTH

    @property
    def worn(self) -> Any:
        return correction.worn_features(self.outline, self.line, self.seen)

    @property
    def as_tight(self) -> float:
        """The angle as the model reads a tight top."""
        return self.geometric + correction.correction(self.seen)

    def cloth_features(self, as_tight: float) -> Any:
        return correction.cloth_features(self.worn, self.picture.traced.frame, as_tight, self.geometric)


def folded(traced: silhouette.Traced, rng: Any) -> silhouette.Traced:
    """The same edge with folds laid on it: one to eight bumps, and in two of five pictures a step that a hem makes."""
    outward = traced.outward.copy()
    for _ in range(rng.integers(1, 9)):
        height = 0.0025 * np.exp(0.7 * rng.standard_normal()) * rng.choice([-1, 1])
        at, wide = rng.uniform(-0.1, 0.9), rng.uniform(0.006, 0.035)
        outward += height * np.exp(-0.5 * ((HEIGHTS - at) / wide) ** 2)
    if rng.random() < 0.4:
        at, step, flare = rng.uniform(0, 0.35), rng.uniform(0, 0.03), rng.uniform(0.04, 0.25)
        outward += np.where(at < HEIGHTS, step * np.exp(-(HEIGHTS - at) / flare), 0.0)
    bent, curvature, rough = outline_rows.shape(outward)
    features = traced.features.copy()
    rough = np.log(rough + 2e-3)
    shape = {
        "bent": np.log(bent + 2e-3), "curvature": np.clip(curvature, -3, 3), "rough": rough, "rough square": (rough + 5) ** 2,
        "straight run": np.log(outline_rows.straight_run(outward) + 2e-3),
    }  # fmt: skip
    for name, column in shape.items():
        features[:, outline_rows.ROW_FEATURES.index(name)] = column
    return replace(traced, outward=outward, features=features)


def readable(pictures: list[Picture]) -> list[Seen]:
    """Those pictures and twins that the gates before the spread let through, with the model as it is now."""
    rng = np.random.default_rng(5)
    out = []
    for p in pictures:
        for twin in (False, True):
            traced = folded(p.traced, rng) if twin else p.traced
            outline, frame = traced.judged(), traced.frame
            if lumbar._out_of_scope(outline, frame, p.xy, p.visibility):
                continue
            line = curve(outline, frame)
            if line is None or line.free[LUMBAR].mean() < lumbar.LEAST_FREE:
                continue
            seen = features(p.xy, frame, line)
            shape = lumbar._shape(frame, line, lumbar._levels(seen))
            out.append(Seen(p, twin, outline, line, seen, shape.geometric_deg))
    return out


def fit_levels(pictures: list[Picture], folder: Path) -> dict[str, Any]:
    """Heights of L5/S1 and T12/L1 from the knees' place."""
    knees, heights = [], []
    for p in pictures:
        true = json.loads((folder / f"{p.name}.json").read_text())["px"]
        at = p.traced.frame.coordinates(np.array([true["L5S1"], true["T12L1"]]) / p.traced.height)[:, 0]
        where = p.traced.frame.coordinates(p.xy)
        knees.append(np.clip((where[25] + where[26]) / 2, -1, 1))
        heights.append(at)
    even = np.full(len(knees), 60.0)  # as if heights were told in degrees: the corner and the ridge are those of angles
    fits = [huber_ridge(np.array(knees), np.array(heights)[:, k], even) for k in (0, 1)]
    return {"LEVELS": np.array([[c, *w] for c, w in fits])}


def fit_correction(rows: list[Seen]) -> dict[str, Any]:
    """The correction, on bodies whose back is mostly free, and how to tell cloth from a top that follows the skin."""
    use = [r for r in rows if r.picture.hidden < MOSTLY_FREE]
    X, y, weight = np.array([r.seen for r in use]), np.array([r.missing for r in use]), np.array([counts(r) for r in use])
    kept = current()
    numbers = {"CENTRE": X.mean(0), "SPREAD": X.std(0) + 1e-9}
    adopt(numbers)
    T = np.array([correction.terms(x) for x in X])
    numbers["CORRECTION_0"], numbers["CORRECTION"] = huber_ridge(T, y, weight)
    left = y - numbers["CORRECTION_0"] - T @ numbers["CORRECTION"]
    chosen = np.random.default_rng(0).choice(len(use), min(BODIES, len(use)), replace=False)
    numbers["BODIES"] = np.round([correction.place(X[i]) for i in chosen], 1)
    K = np.array([correction.likeness(x, numbers["BODIES"]) for x in X])
    numbers["WEIGHTS"] = kernel_ridge(K, K[chosen], left, weight)
    numbers |= fit_cloth(use, K)
    adopt(kept)
    return numbers


def counts(row: Seen) -> float:
    """How much a picture counts in the correction: upright bodies in clothes that follow them most, cloth's scatter least."""
    if row.cloth:
        return 0.5
    return (3.0 if row.picture.name[4] in "nl" else 1.0) * (0.3 if row.twin else 1.0)


def fit_cloth(rows: list[Seen], K: Any) -> dict[str, Any]:
    """The gate, as if ``PREVALENCE`` of all people were clothed so; ``K`` (n, m) the rows' likeness to the bodies."""
    worn, clothed = np.array([r.worn for r in rows]), np.array([r.cloth for r in rows])
    plain = np.array([not r.twin for r in rows])  # a fold laid on a tight top is neither
    centre, wide = worn[plain].mean(0), worn[plain].std(0) + 1e-9
    z = np.clip((worn - centre) / wide, -correction.FARTHEST, correction.FARTHEST)
    z = np.column_stack([np.ones(len(z)), z, ALIKE * K])[plain]
    clothed = clothed[plain]
    share = np.where(clothed, PREVALENCE / clothed.sum(), (1 - PREVALENCE) / (~clothed).sum()) * len(rows)
    odds = logistic(z, clothed.astype(float), 5.0, share)
    k = worn.shape[1] + 1
    return {
        "WORN_CENTRE": centre,
        "WORN_SPREAD": wide,
        "CLOTH_0": float(odds[0]),
        "CLOTH": odds[1:k],
        "CLOTH_ALIKE": ALIKE * odds[k:],
    }


def fit_in_cloth(rows: list[Seen], as_tight: Any, which: Any) -> dict[str, Any]:
    """The angle of backs in cloth, of those of the rows ``which`` (n,) chooses; ``as_tight`` (n,) must be cross-fitted."""
    use = [i for i, r in enumerate(rows) if which[i] and r.cloth and r.picture.hidden < MOSTLY_FREE]
    X, y = np.array([rows[i].cloth_features(as_tight[i]) for i in use]), np.array([rows[i].picture.angle for i in use])
    return boosted_trees.fitted(X, y)


@dataclass
class Reading:
    """What a correction fitted on other bodies reads, each (n,): the angle as of a tight top, what cloth adds, and its chance."""

    as_tight: Any
    loose: Any
    bridge: Any = None

    @property
    def angle(self) -> Any:
        return self.as_tight + self.loose * self.bridge


def cross_read(rows: list[Seen]) -> Reading:
    """What is read in each picture by a correction fitted on other bodies; the model is left as it was."""
    bodies = [r.picture.body for r in rows]
    names = sorted(set(bodies))
    fold = dict(zip(names, np.random.default_rng(0).integers(0, FOLDS, len(names)), strict=True))
    folds = np.array([fold[body] for body in bodies])
    kept, got = current(), Reading(np.zeros(len(rows)), np.zeros(len(rows)), np.zeros(len(rows)))
    for k in range(FOLDS):
        adopt(fit_correction([r for r, other in zip(rows, folds != k, strict=True) if other]))
        for i in np.flatnonzero(folds == k):
            got.as_tight[i], got.loose[i] = rows[i].as_tight, correction.cloth(rows[i].worn, rows[i].seen)
    for k in range(FOLDS):
        adopt(fit_in_cloth(rows, got.as_tight, folds != k))
        for i in np.flatnonzero(folds == k):
            got.bridge[i] = correction.in_cloth(rows[i].cloth_features(got.as_tight[i])) - got.as_tight[i]
    adopt(kept)
    return got


def spreads_of(rows: list[Seen], angles: Any) -> Any:
    """The spread's features (n, k) of these pictures, read as ``angles`` (n,)."""
    return np.array(
        [
            correction.spread_features(r.outline, r.picture.traced.frame, r.line, r.seen, angle)
            for r, angle in zip(rows, angles, strict=True)
        ]
    )


def fit_spread(rows: list[Seen], read: Reading, floor: float) -> dict[str, Any]:
    """The spread's numbers, of the cross-fitted errors, on hidden backs too, for some pass for free: tight tops, then cloth."""
    X = spreads_of(rows, read.angle)
    known = np.where([r.cloth for r in rows], read.as_tight + read.bridge, read.as_tight)  # as if the kind of top were known
    errors = np.array([r.picture.angle for r in rows]) - known
    centre, wide = X.mean(0), X.std(0) + 1e-9
    z = np.clip((X - centre) / wide, -correction.FARTHEST_REASON, correction.FARTHEST_REASON)
    clothed = np.array([r.cloth for r in rows])
    weight = np.array([0.5 if r.picture.name[4] in "nl" else 1.0 for r in rows])
    # What passes the limit is the better half: there as many are inside two spreads as here, in cloth.
    kinds = ((~clothed, z, 0.95, 2.0), (clothed, np.where(NO_SIGN_IN_CLOTH, 0.0, z), 0.92, 1000.0))
    fits = [log_scale(of[who], errors[who], weight[who], (floor, inside, ridge)) for who, of, inside, ridge in kinds]
    return {
        "SD_0": np.array([b[0] for b in fits]), "SD": np.array([b[1:] for b in fits]), "SD_CENTRE": centre, "SD_SPREAD": wide,
        "SD_FLOOR": floor,
    }  # fmt: skip


def log_scale(z: Any, errors: Any, weight: Any, shape: tuple[float, float, float]) -> Any:
    """Constant and weights of the log of the errors' scale; ``shape``: its floor, the share inside two spreads, the ridge.

    Student's t log likelihood, and the pinball loss (smoothed) that makes that share of the errors smaller than two spreads: a
    wrong tail does more harm than a wide middle.
    """
    from scipy.optimize import minimize

    floor, share, ridge = shape
    half, smoothed = np.log(np.maximum(np.abs(errors), 0.3) / 2), 0.15

    def unlikely(b: Any) -> tuple[float, Any]:
        s = b[0] + z @ b[1:]
        short = np.clip((half - s) / smoothed, -50, 50)
        tail = share * (half - s) + smoothed * np.log1p(np.exp(-short))
        inside, s = (s > np.log(floor)) & (s < WIDEST), np.clip(s, np.log(floor), WIDEST)
        off = (errors / np.exp(s)) ** 2 / FREEDOM
        slope = weight * ((1 - (FREEDOM + 1) * off / (1 + off)) * inside - TAIL_COUNTS * (share - 1 / (1 + np.exp(short))))
        loss = (weight * (s + (FREEDOM + 1) / 2 * np.log1p(off) + TAIL_COUNTS * tail)).sum() + ridge * (b[1:] ** 2).sum()
        return float(loss), np.r_[slope.sum(), z.T @ slope + 2 * ridge * b[1:]]

    # A spread that grows with doubt is a matter of definition, not of the sample: no such weight may be negative.
    bounds = [(None, None), *[(0.0, None)] * WORSE, *[(None, None)] * (z.shape[1] - WORSE)]
    return minimize(unlikely, np.r_[1.5, np.full(z.shape[1], 0.05)], jac=True, bounds=bounds).x


def home_of(name: str) -> Any:
    """The module that holds a number."""
    return lumbar_bodies if name in IN_BODIES else lumbar_trees if name in IN_TREES else lumbar_model


def current() -> dict[str, Any]:
    """The correction's numbers as they are."""
    return {k: getattr(home_of(k), k, None) for k in (*CORRECTION, *IN_TREES)}


def adopt(numbers: dict[str, Any]) -> None:
    """Make the numbers the model's, in this process."""
    for k, v in numbers.items():
        setattr(home_of(k), k, v)


# --- reporting --------------------------------------------------------------------------------------------------------------


def report(pictures: list[Picture], rows: list[Seen], read: Reading) -> None:
    """Cross-fitted figures of every kind of body: how many are read, how far off, and how honest the spread is."""
    why = spreads_of(rows, read.angle)
    sds = [correction.spread(x, p, bridge) for x, p, bridge in zip(why, read.loose, read.bridge, strict=True)]
    got = {
        (r.picture.name, r.twin): replace(lumbar.refused(Reason.TOO_UNCERTAIN), why=None, lordosis_deg=angle, sd_deg=sd)
        for r, angle, sd in zip(rows, read.angle, sds, strict=True)
    }
    given = {
        (r.picture.name, r.twin): lumbar._given(got[r.picture.name, r.twin], r.outline, r.picture.xy, lumbar.PICTURE)
        for r in rows
    }
    print("kind      back       n   read   mae  bias  1 sd  2 sd  median sd  off by over 10")
    for twin in (False, True):
        for title, kinds in KINDS.items():
            for back, low, high in (("free", 0.0, 0.1), ("hidden", 0.25, 2.0)):
                group = [p for p in pictures if p.name[4] in kinds and low <= p.hidden < high]
                readings = [(p, given[p.name, twin]) for p in group if (p.name, twin) in given]
                _line(title + " folded" * twin, back, len(group), [(p, r) for p, r in readings if r.why is None])


def _line(title: str, back: str, n: int, read: list[tuple[Picture, lumbar.Lumbar]]) -> None:
    if not read:
        print(f"{title:15} {back:6} {n:4}      0")
        return
    e, sd = np.array([r.lordosis_deg - p.angle for p, r in read]), np.array([r.sd_deg for _, r in read])
    figures = [len(e) / n, np.abs(e).mean(), e.mean(), np.mean(np.abs(e) <= sd), np.mean(np.abs(e) <= 2 * sd), np.median(sd)]
    print(f"{title:15} {back:6} {n:4}   " + "  ".join(f"{x:5.2f}" for x in figures) + f"  {np.sum(np.abs(e) > 10) / n:.3f}")


HEADER = '''"""Numbers fitted by ``tests/benchmarks/fit_lumbar.py`` on rendered bodies; do not edit by hand.

ROW_*: is a row of the outline hidden, per cause a constant and a weight per feature of ``outline_rows.ROW_FEATURES``.
LEVELS: heights of L5/S1 and T12/L1: constant, weight of the knees' height and of their distance backward.
CENTRE, SPREAD, CORRECTION: per term of ``lumbar_correction.terms``; degrees per spread.  SD_*: log of the spread (deg),
tight tops and cloth.
WORN_*, CLOTH: per feature of ``lumbar_correction.worn_features``; log odds of cloth per spread.
ENGINE: what ran the pose networks for the landmarks and silhouettes of the fit.
"""

import numpy as np

from monitor.core.vocabulary import Engine

# fmt: off
ENGINE = Engine.MEDIAPIPE
'''


BODIES_HEADER = '''"""Some of the fitted bodies, by ``tests/benchmarks/fit_lumbar.py``; do not edit by hand.

BODIES: deviations of their features from the fitted middle, in tenths of a spread here.  WEIGHTS: degrees each adds to the
correction of a back just like it.  CLOTH_ALIKE: log odds of cloth it adds.  WIDTH: of the likeness, spreads a feature.
"""

import numpy as np

# ruff: noqa: E501
# fmt: off
'''


TREES_HEADER = '''"""The angle (deg) of backs in cloth as boosted trees, by ``tests/benchmarks/fit_lumbar.py``; do not edit.

One tree a row: FEATURES of ``lumbar_correction.cloth_features``; of each is asked whether it exceeds its one of CUTS.  LEAVES:
degrees for the number whose bits are the answers, the first one highest.  MEAN: degrees to begin with.
"""

import numpy as np

# fmt: off
'''


def array_text(weights: Any) -> str:
    """The weights as they stand in a module."""
    style = {"float_kind": "{:.6g}".format}
    return np.array2string(weights, separator=",", max_line_width=180, threshold=10_000, formatter=style)


def several_a_line(rows: Any) -> str:
    """The rows of a table (n, m), as many as fit well in one line of a module."""
    texts = ["[" + ",".join(f"{x:.6g}" for x in row) + "]," for row in rows]
    a_line = 24 // rows.shape[1]
    return "\n".join("".join(texts[i : i + a_line]) for i in range(0, len(texts), a_line))


def write(numbers: dict[str, Any], folder: Path) -> None:
    """The numbers as Python tables, four digits each."""
    lines = []
    for k, v in numbers.items():
        if home_of(k) is not lumbar_model:
            continue
        if isinstance(v, np.ndarray):
            body = np.array2string(v, separator=", ", max_line_width=100, formatter={"float_kind": lambda x: f"{x:.4g}"})
            lines.append(f"{k} = np.array({body})")
        elif isinstance(v, tuple):
            lines.append(f"{k} = ({', '.join(json.dumps(w) for w in v)})")
        else:
            lines.append(f"{k} = {v:.4g}")
    (folder / "lumbar_model.py").write_text(HEADER + "\n".join(lines) + "\n")
    bodies = ["[" + ",".join(f"{10 * x:.0f}" for x in body) + "]," for body in numbers["BODIES"]]
    pairs = ["".join(bodies[i : i + 2]) for i in range(0, len(bodies), 2)]
    weights = [f"{name} = np.array({array_text(numbers[name])})" for name in ("WEIGHTS", "CLOTH_ALIKE")]
    text = "\n".join([f"WIDTH = {lumbar_bodies.WIDTH}", "BODIES = np.array([", *pairs, "]) / 10", *weights])
    (folder / "lumbar_bodies.py").write_text(BODIES_HEADER + text + "\n")
    trees = [f"{name} = np.array([\n{several_a_line(numbers[name])}\n])" for name in ("FEATURES", "CUTS", "LEAVES")]
    (folder / "lumbar_trees.py").write_text(TREES_HEADER + f"MEAN = {numbers['MEAN']:.4g}\n" + "\n".join(trees) + "\n")


def main() -> None:
    """Fit, report, and write the numbers if asked to."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("pictures", type=Path)
    ap.add_argument("model", type=Path)
    ap.add_argument("--floor", type=float, default=2.2, help="least spread (deg)")
    ap.add_argument("--write", action="store_true")
    a = ap.parse_args()
    landmarks(a.pictures, a.model)
    looked = [look(a.pictures, p.stem) for p in sorted(a.pictures.glob("*.npz"))]
    numbers = fitted([p for p in looked if p is not None and p.name[4] != "f"], a.pictures, a.floor)
    if a.write:
        write(numbers, ROOT / "monitor" / "core" / "back")


def fitted(pictures: list[Picture], folder: Path, floor: float) -> dict[str, Any]:
    """All numbers, adopted; the report is printed on the way."""
    numbers = {**fit_rows(pictures), **fit_levels(pictures, folder)}
    adopt(numbers)
    rows = readable(pictures)
    numbers |= fit_correction(rows)
    adopt(numbers)
    read = cross_read(rows)
    numbers |= fit_in_cloth(rows, read.as_tight, np.ones(len(rows), dtype=bool))
    numbers |= fit_spread(rows, read, floor)
    adopt(numbers)
    report(pictures, rows, read)
    return numbers


if __name__ == "__main__":
    main()
