"""Planes and quadratics through differences of height: what a block can be off by as a whole, and how values scatter."""

import numpy as np

#: Differences farther from the median than this are trees and cars from the start, metres.
LARGEST_M = 1.0
#: Rounds of fitting without what lies beyond so many scatters.
ROUNDS, BEYOND = 4, 3.0


def terms(places: np.ndarray, degree: int) -> np.ndarray:
    """Columns of a constant, a tilt and, of degree two, a bow about the middle of the places."""
    x, y = (places - places.mean(axis=0)).T
    columns = [np.ones_like(x), x, y, x * x, x * y, y * y]
    return np.stack(columns[: 3 if degree == 1 else 6], axis=1)


def fitted(design: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """Least squares, four times without what lies beyond three scatters: trees and cars."""
    kept = np.abs(heights - np.median(heights)) < LARGEST_M
    for _ in range(ROUNDS):
        solved = np.linalg.lstsq(design[kept], heights[kept], rcond=None)[0]
        left = heights - design @ solved
        kept = np.abs(left) < BEYOND * scatter(left)
    return solved


def scatter(values: np.ndarray) -> float:
    """Normalised median absolute deviation."""
    return float(1.4826 * np.median(np.abs(values - np.median(values))))
