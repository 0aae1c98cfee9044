"""Fit the numbers of ``monitor/core/lumbar_model.py`` on rendered bodies whose lumbar angle is known.

    python tests/benchmarks/lumbar_renders.py RENDERER PICTURES          # once: about 0.9 s a picture, some 3,000
    python tests/benchmarks/fit_lumbar.py PICTURES MODEL.task [--write]  # landmarks are kept beside the pictures

Three fits, each on the family "fit" only; the family "val" (other seeds) is reported, never fitted on:
  rows        is a row of the outline free, or hidden by arm, hair or chair, or no edge: one logistic judgement per cause
  correction  true angle minus geometric angle, ridge regression with Huber weights on the features of ``lumbar_features``
  spread      log of the error's scale, Student's t with 4 degrees of freedom, on errors of five-fold cross-fitting
"""

# ruff: noqa: N803, N806  # capitals: matrices, and the renderer's own argument names
from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

ROOT = next(p for p in Path(__file__).resolve().parents if (p / "monitor").is_dir())
sys.path.insert(0, str(ROOT))

from monitor.adapters.vision import silhouette  # noqa: E402
from monitor.core.back import lumbar, lumbar_model, outline_rows  # noqa: E402
from monitor.core.back.lumbar_features import features  # noqa: E402
from monitor.core.body.outline import HEIGHTS, LUMBAR, curve  # noqa: E402

CAUSES = {"arm": 1, "hair": 2, "chair": 3, "edge": 5}  # ids of the truth; 4 = no trunk in that row; 5 = edge missed by 10 mm
JUDGED = (HEIGHTS > 0.0) & (HEIGHTS < 0.85)
FOLDS = 5
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
    def clear(self) -> bool:
        """The score's group "clear"."""
        turn = abs(abs(self.spec["yaw"]) - 90)
        return self.name[4] == "n" and self.hidden < 0.1 and turn <= 15 and self.spec["gain"] >= 0.5


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
    soft = silhouette._sample(cover, traced.frame, HEIGHTS, silhouette.COARSE)
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


def logistic(X: Any, y: Any, ridge: float = 30.0) -> Any:
    """Weights of a ridge logistic regression by Newton's steps."""
    b = np.zeros(X.shape[1])
    for _ in range(12):
        p = 1 / (1 + np.exp(-np.clip(X @ b, -30, 30)))
        w = p * (1 - p) + 1e-4
        b += np.linalg.solve((X * w[:, None]).T @ X + ridge * np.eye(len(b)), X.T @ (y - p) - ridge * b)
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


def huber_ridge(X: Any, y: Any, ridge: float = 10.0, corner: float = 6.0) -> tuple[float, Any]:
    """Constant and weights of a ridge regression that counts errors beyond ``corner`` only in proportion."""
    w, A = np.ones(len(y)), np.column_stack([np.ones(len(y)), X])
    penalty = ridge * np.diag([0.0] + [1.0] * X.shape[1])
    b = np.zeros(A.shape[1])
    for _ in range(8):
        b = np.linalg.solve((A * w[:, None]).T @ A + penalty, (A * w[:, None]).T @ y)
        w = np.minimum(1, corner / np.maximum(np.abs(y - A @ b), 1e-6))
    return float(b[0]), b[1:]


@dataclass
class Seen:
    """A readable picture reduced to numbers."""

    picture: Picture
    seen: Any
    geometric: float
    spreads: Any

    @property
    def missing(self) -> float:
        return self.picture.angle - self.geometric


def readable(pictures: list[Picture]) -> list[Seen]:
    """Those pictures that the gates before the spread let through, with the model as it is now."""
    out = []
    for p in pictures:
        outline, frame = p.traced.judged(), p.traced.frame
        if lumbar._out_of_scope(outline, frame, p.xy, p.visibility):
            continue
        line = curve(outline, frame)
        if line is None or line.free[LUMBAR].mean() < lumbar.LEAST_FREE:
            continue
        seen = features(p.xy, frame, line)
        shape = lumbar._shape(frame, line, lumbar._levels(seen))
        out.append(Seen(p, seen, shape.geometric_deg, lumbar.spread_features(outline, frame, line, seen, shape.geometric_deg)))
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
    fits = [huber_ridge(np.array(knees), np.array(heights)[:, k], 1.0, 0.1) for k in (0, 1)]
    return {"LEVELS": np.array([[c, *w] for c, w in fits])}


def fit_correction(rows: list[Seen]) -> dict[str, Any]:
    """The correction, on bodies whose back is mostly free."""
    use = [r for r in rows if r.picture.hidden < 0.3]
    X, y = np.array([r.seen for r in use]), np.array([r.missing for r in use])
    centre, spread = X.mean(0), X.std(0) + 1e-9
    kept = {"CENTRE": lumbar_model.CENTRE, "SPREAD": lumbar_model.SPREAD}
    adopt({"CENTRE": centre, "SPREAD": spread})
    c, w = huber_ridge(np.array([lumbar.terms(x) for x in X]), y)
    adopt(kept)
    return {"CENTRE": centre, "SPREAD": spread, "CORRECTION_0": c, "CORRECTION": w}


def cross_errors(rows: list[Seen]) -> Any:
    """Errors (deg) of each picture read by a correction fitted on the other folds; the model is left as it was."""
    fold = np.random.default_rng(0).integers(0, FOLDS, len(rows))
    kept = {k: getattr(lumbar_model, k) for k in ("CENTRE", "SPREAD", "CORRECTION_0", "CORRECTION")}
    errors = np.zeros(len(rows))
    for k in range(FOLDS):
        adopt(fit_correction([r for r, f in zip(rows, fold, strict=True) if f != k]))
        for i in np.flatnonzero(fold == k):
            errors[i] = lumbar._correction(rows[i].seen) - rows[i].missing
    adopt(kept)
    return errors


def fit_spread(rows: list[Seen], errors: Any, floor: float) -> dict[str, Any]:
    """The spread's numbers: Newton-free descent on Student's t log likelihood."""
    from scipy.optimize import minimize

    X = np.array([r.spreads for r in rows])
    centre, wide = X.mean(0), X.std(0) + 1e-9
    z = np.clip((X - centre) / wide, -lumbar.FARTHEST, 2 * lumbar.FARTHEST)

    def unlikely(b: Any) -> float:
        s = np.clip(b[0] + z @ b[1:], np.log(floor), 4.5)
        return float((s + 2.5 * np.log1p((errors / np.exp(s)) ** 2 / 4)).sum() + (b[1:] ** 2).sum())

    # A spread that grows with doubt is a matter of definition, not of the sample: no such weight may be negative.
    bounds = [(None, None), *[(0.0, None)] * WORSE, *[(None, None)] * (z.shape[1] - WORSE)]
    b = minimize(unlikely, np.r_[1.0, np.full(z.shape[1], 0.05)], bounds=bounds).x
    return {"SD_0": float(b[0]), "SD": b[1:], "SD_CENTRE": centre, "SD_SPREAD": wide, "SD_FLOOR": floor}


def adopt(numbers: dict[str, Any]) -> None:
    """Make the numbers the model's, in this process."""
    for k, v in numbers.items():
        setattr(lumbar_model, k, v)


# --- reporting --------------------------------------------------------------------------------------------------------------


def read(p: Picture) -> lumbar.Lumbar:
    return lumbar.lordosis(p.traced.judged(), p.xy, p.visibility)


def report(pictures: list[Picture], title: str) -> None:
    """The score's groups on these pictures."""
    got = {p.name: read(p) for p in pictures}

    def errors(group: list[Picture]) -> Any:
        return np.array([got[p.name].lordosis_deg - p.angle for p in group])

    side = [p for p in pictures if p.name[4] != "f"]
    clear = [p for p in side if p.clear]
    e, sd = errors(clear), np.array([got[p.name].sd_deg for p in clear])
    ok = np.isfinite(e)
    t = np.array([p.angle for p in clear])
    print(f"{title}: clear n {len(clear)} coverage {ok.mean():.3f} mae {np.abs(e[ok]).mean():.2f} bias {e[ok].mean():.2f} "
          f"r {np.corrcoef(t[ok], t[ok] + e[ok])[0, 1]:.3f} in 1 sd {(np.abs(e) <= sd)[ok].mean():.2f} "
          f"in 2 sd {(np.abs(e) <= 2 * sd)[ok].mean():.2f} median sd {np.median(sd[ok]):.2f}")  # fmt: skip
    for kind in "nwc":
        e = errors([p for p in side if p.name[4] == kind and p.hidden >= 0.25])
        free = errors([p for p in side if p.name[4] == kind and p.hidden < 0.1])
        print(f"  {kind}: hidden n {len(e)} read {np.isfinite(e).sum()} refused or right {1 - np.mean(np.abs(e) > 10):.3f}; "
              f"free n {len(free)} coverage {np.isfinite(free).mean():.2f} mae {np.nanmean(np.abs(free)):.2f}")  # fmt: skip
    _report_ladders([p for p in side if p.name[4] == "l"], got)
    front = [p for p in pictures if p.name[4] == "f"]
    print(f"  front n {len(front)} refused {np.mean([got[p.name].why is not None for p in front]):.3f}")


def _report_ladders(pictures: list[Picture], got: dict[str, lumbar.Lumbar]) -> None:
    slopes, changes, cover = [], [], []
    for body in sorted({p.name[:7] for p in pictures}):
        group = [p for p in pictures if p.name.startswith(body)]
        t, v = np.array([p.angle for p in group]), np.array([got[p.name].lordosis_deg for p in group])
        ok = np.isfinite(v)
        cover.append(ok.mean())
        if ok.sum() > 2:
            slopes.append(np.polyfit(t[ok], v[ok], 1)[0])
            changes.append(np.abs((v - t)[ok] - (v - t)[ok].mean()).mean())
    print(f"  ladders n {len(cover)} coverage {np.mean(cover):.2f} slope {np.min(slopes):.2f} to {np.max(slopes):.2f} (mean "
          f"{np.mean(slopes):.2f}) change error mean {np.mean(changes):.2f} worst {np.max(changes):.2f}")  # fmt: skip


HEADER = '''"""Numbers fitted by ``tests/benchmarks/fit_lumbar.py`` on rendered bodies; do not edit by hand.

ROW_*: is a row of the outline hidden, per cause a constant and a weight per feature of ``outline_rows.ROW_FEATURES``.
LEVELS: heights of L5/S1 and T12/L1: constant, weight of the knees' height and of their distance backward.
CENTRE, SPREAD, CORRECTION: per feature of ``lumbar_features.NAMES``; degrees per spread.  SD_*: log of the spread (deg).
"""

import numpy as np

# fmt: off
'''


def write(numbers: dict[str, Any], path: Path) -> None:
    """The numbers as a Python table, four digits each."""
    lines = []
    for k, v in numbers.items():
        if isinstance(v, np.ndarray):
            body = np.array2string(v, separator=", ", max_line_width=100, formatter={"float_kind": lambda x: f"{x:.4g}"})
            lines.append(f"{k} = np.array({body})")
        elif isinstance(v, tuple):
            lines.append(f"{k} = ({', '.join(json.dumps(w) for w in v)})")
        else:
            lines.append(f"{k} = {v:.4g}")
    path.write_text(HEADER + "\n".join(lines) + "\n")


def main() -> None:
    """Fit, report on both families, and write the numbers if asked to."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("pictures", type=Path)
    ap.add_argument("model", type=Path)
    ap.add_argument("--floor", type=float, default=2.2, help="least spread (deg)")
    ap.add_argument("--write", action="store_true")
    a = ap.parse_args()
    landmarks(a.pictures, a.model)
    looked = [look(a.pictures, p.stem) for p in sorted(a.pictures.glob("*.npz"))]
    pictures = [p for p in looked if p is not None]
    fit = [p for p in pictures if p.name.startswith("fit") and p.name[4] != "f"]
    numbers = {**fit_rows(fit), **fit_levels(fit, a.pictures)}
    adopt(numbers)
    rows = readable(fit)
    numbers |= fit_correction(rows)
    adopt(numbers)
    rows = readable(fit)
    numbers |= fit_spread(rows, cross_errors(rows), a.floor)
    adopt(numbers)
    for family in ("fit", "val"):
        report([p for p in pictures if p.name.startswith(family)], family)
    if a.write:
        write(numbers, ROOT / "monitor" / "core" / "lumbar_model.py")


if __name__ == "__main__":
    main()
