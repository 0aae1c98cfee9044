"""Boosted decision trees for regression (Friedman 2001, Ann Statist 29:1189-1232), of which every level asks one question.

Such a tree is a table: the answers are the bits of the leaf's number.  ``lumbar_correction.in_cloth`` reads them.
"""

# ruff: noqa: N803  # capitals: matrices
from __future__ import annotations

from typing import Any

import numpy as np

TREES, DEPTH, RATE = 120, 3, 0.07
FEWEST = 10.0  # a leaf's mean is drawn to zero as if so many rows more had none
BINS, SHARE = 24, 0.35  # quantiles that may cut; share of the features that one tree may ask


def fitted(X: Any, y: Any) -> dict[str, Any]:
    """The trees for features (n, k) and values (n,), as the numbers of ``lumbar_trees``."""
    rng = np.random.default_rng(0)
    cuts = np.round(np.quantile(X, np.linspace(0, 1, BINS + 1)[1:-1], axis=0).T, 6)
    place = np.array([np.searchsorted(cut, x, side="left") for cut, x in zip(cuts, X.T, strict=True)])
    mean = round(float(y.mean()), 2)
    left, got = y - mean, []
    for _ in range(TREES):
        some = rng.choice(X.shape[1], int(SHARE * X.shape[1]), replace=False)
        asked, leaf = _questions(place[some], left)
        counts = np.bincount(leaf, minlength=2**DEPTH) + FEWEST
        leaves = np.round(RATE * np.bincount(leaf, left, 2**DEPTH) / counts, 3)
        left = left - leaves[leaf]
        got.append(([some[f] for f, _ in asked], [cuts[some[f], c] for f, c in asked], leaves))
    return {"MEAN": mean} | {name: np.array([tree[i] for tree in got]) for i, name in enumerate(("FEATURES", "CUTS", "LEAVES"))}


def _questions(place: Any, left: Any) -> tuple[list[tuple[int, int]], Any]:
    """One tree's questions (feature, bin), and the leaf (n,) of each row; ``place`` (m, n) holds the bins of the features."""
    m, n = place.shape
    leaf, asked = np.zeros(n, dtype=int), []
    for level in range(DEPTH):
        size = 2**level * m * BINS
        cell = (leaf * m * BINS + np.arange(m)[:, None] * BINS + place).ravel()
        sums = np.bincount(cell, np.tile(left, m), size).reshape(-1, m, BINS).cumsum(2)
        counts = np.bincount(cell, minlength=size).reshape(-1, m, BINS).cumsum(2)
        below, above = sums[:, :, :-1], sums[:, :, -1:] - sums[:, :, :-1]
        less, more = counts[:, :, :-1], counts[:, :, -1:] - counts[:, :, :-1]
        gain = (below**2 / (less + FEWEST) + above**2 / (more + FEWEST)).sum(0)
        feature, cut = np.unravel_index(gain.argmax(), gain.shape)
        asked.append((int(feature), int(cut)))
        leaf = 2 * leaf + (place[feature] > cut)
    return asked, leaf
