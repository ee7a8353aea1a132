"""How a surface lies about each of its cells: its slope, and how far it departs from a plane."""

import numpy as np
from scipy.ndimage import correlate1d


def slope_and_roughness(heights: np.ndarray, cell_m: float, reach: int) -> tuple[np.ndarray, np.ndarray]:
    """Of the plane that fits the square of cells within `reach` best: its slope, metres a metre, and the root mean square about
    it, metres. NaN where a cell of the square has no height."""
    offsets = np.arange(-reach, reach + 1, dtype=float)
    count, spread = len(offsets), float((offsets**2).mean())
    # Sums of squares of heights above sea would lose the millimetres.
    heights = heights.astype(float) - np.nanmedian(heights)
    flat = np.full(count, 1.0 / count)

    def mean(values: np.ndarray, down: np.ndarray, across: np.ndarray) -> np.ndarray:
        return correlate1d(correlate1d(values, down, axis=0), across, axis=1)

    known = np.isfinite(heights)
    filled = np.where(known, heights, 0.0)
    level = mean(filled, flat, flat)
    across = mean(filled, flat, offsets / count) / spread
    down = mean(filled, offsets / count, flat) / spread
    left = mean(filled**2, flat, flat) - level**2 - spread * (across**2 + down**2)
    whole = mean(known.astype(float), flat, flat) > 1.0 - 0.5 / count**2
    slope = np.where(whole, np.hypot(across, down) / cell_m, np.nan)
    return slope, np.where(whole, np.sqrt(np.maximum(left, 0.0)), np.nan)
