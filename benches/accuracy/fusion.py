"""Surfaces of many pairs of photos made into one: of each cell, the median of the highest heights that agree."""

from dataclasses import dataclass

import numpy as np

from median import median
from raster import Grid

#: Heights of one surface lie within this, metres.
BAND_M = 0.3
#: Fewest pairs that agree, and their share of all pairs that saw the cell.
LEAST_PAIRS, LEAST_SHARE = 2, 0.3
#: Rows that are fused at a time.
TILE = 64
#: Heights are told apart to this, metres.
RESOLUTION_M = 1e-3


@dataclass
class Patch:
    """Heights of one pair in a part of the grid that begins at a row and a column."""

    row: int
    col: int
    heights: np.ndarray


def patch_of(grid: Grid, points: np.ndarray) -> Patch | None:
    """The median height of the points in each cell."""
    rows, cols = grid.positions(points[:, 0], points[:, 1])
    inside = (rows >= 0) & (rows < grid.rows) & (cols >= 0) & (cols < grid.cols)
    if not inside.any():
        return None
    rows, cols, heights = rows[inside], cols[inside], points[inside, 2]
    row, col = int(rows.min()), int(cols.min())
    shape = (int(rows.max()) - row + 1, int(cols.max()) - col + 1)
    base = heights.min()
    steps = np.int64(1) << 32
    keys = np.sort(((rows - row) * shape[1] + cols - col) * steps + ((heights - base) / RESOLUTION_M).astype(np.int64))
    cells, first, counts = np.unique(keys // steps, return_index=True, return_counts=True)
    patch = np.full(shape, np.nan, np.float32)
    patch.flat[cells] = (keys[first + counts // 2] % steps) * RESOLUTION_M + base
    return Patch(row, col, patch)


def fuse(grid: Grid, patches: list[Patch]) -> tuple[np.ndarray, np.ndarray]:
    """Heights of the grid, and how the heights that agreed spread."""
    fused = np.full((2, grid.rows, grid.cols), np.nan, np.float32)
    for row in range(0, grid.rows, TILE):
        end = min(row + TILE, grid.rows)
        layers = [layer for patch in patches if (layer := cut(patch, row, end, grid.cols)) is not None]
        if len(layers) >= LEAST_PAIRS:
            fused[:, row:end] = topmost(packed(layers))
    return fused[0], fused[1]


def cut(patch: Patch, row: int, end: int, cols: int) -> np.ndarray | None:
    """Rows of a patch, as wide as the grid."""
    first, last = max(row, patch.row), min(end, patch.row + patch.heights.shape[0])
    if first >= last:
        return None
    layer = np.full((end - row, cols), np.nan, np.float32)
    width = patch.heights.shape[1]
    layer[first - row : last - row, patch.col : patch.col + width] = patch.heights[first - patch.row : last - patch.row]
    return layer


def packed(layers: list[np.ndarray]) -> np.ndarray:
    """Heights of each cell, highest first, and as many layers as the fullest cell needs."""
    stack = -np.sort(-np.stack(layers), axis=0)
    return stack[: max(LEAST_PAIRS, int(np.isfinite(stack).sum(axis=0).max()))]


def topmost(heights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Median and scatter of the highest band in which enough heights lie; NaN where there is none."""
    seen = np.isfinite(heights).sum(axis=0)
    needed = np.maximum(LEAST_PAIRS, np.ceil(LEAST_SHARE * seen)).astype(int)
    in_band = np.zeros(heights.shape, int)
    for i, top in enumerate(heights):
        in_band[i] = ((heights[i:] >= top - BAND_M) & np.isfinite(top)).sum(axis=0)
    enough = in_band >= needed
    first = np.argmax(enough, axis=0)
    count = np.take_along_axis(in_band, first[None], axis=0)[0]
    found = enough.any(axis=0)
    places = np.arange(len(heights))[:, None, None]
    agreeing = np.where((places >= first) & (places < first + count) & found, heights, np.nan)
    middle = median(agreeing)
    return middle, np.maximum(1.4826 * median(np.abs(agreeing - middle)), RESOLUTION_M)
