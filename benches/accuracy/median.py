"""Medians of many short columns at once, NaN left out."""

import numpy as np


def median(values: np.ndarray) -> np.ndarray:
    """Median over the first axis; NaN of none. numpy's own takes a minute for what this does in a second."""
    ascending = np.sort(values, axis=0)
    count = np.isfinite(ascending).sum(axis=0)
    low, high = (np.take_along_axis(ascending, np.maximum(i, 0)[None], axis=0)[0] for i in ((count - 1) // 2, count // 2))
    return np.where(count > 0, 0.5 * (low + high), np.nan)
