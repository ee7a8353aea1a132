"""What the pictures of surfaces share: the shaded relief and where a grid lies."""

import matplotlib
import numpy as np

from raster import Grid

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LightSource
from scipy.ndimage import distance_transform_edt

#: Where the light comes from, degrees.
AZIMUTH_DEG, ALTITUDE_DEG = 315.0, 45.0
#: Share of the known cells that lies beyond each edge of a picture, and the margin about the rest, metres.
BEYOND, MARGIN_M = 0.005, 3.0
#: Dots an inch of the files.
DPI = 130


def panels(count: int) -> tuple[plt.Figure, list[Axes]]:
    figure, axes = plt.subplots(1, count, figsize=(8.0 * count, 8.0), constrained_layout=True, sharex=True, sharey=True)
    return figure, list(axes)


def extent(grid: Grid) -> tuple[float, float, float, float]:
    """West, east, south and north edges, metres from the south-western corner."""
    return 0.0, grid.cols * grid.cell_m, 0.0, grid.rows * grid.cell_m


def hillshade(panel: Axes, grid: Grid, heights: np.ndarray, title: str) -> None:
    """Shaded relief; cells without a height are pink."""
    light = LightSource(AZIMUTH_DEG, ALTITUDE_DEG)
    known = np.isfinite(heights)
    nearest = distance_transform_edt(~known, return_distances=False, return_indices=True)
    shade = light.hillshade(heights[tuple(nearest)], dx=grid.cell_m, dy=grid.cell_m)
    shown = np.repeat(shade[..., None], 3, axis=2)
    shown[~known] = (1.0, 0.6, 0.8)
    panel.imshow(shown, extent=extent(grid))
    panel.set(title=title, xlabel="east, m", ylabel="north, m")


def crop(panel: Axes, grid: Grid, known: np.ndarray) -> None:
    """Shows what is known, without stray cells far away."""
    rows, cols = np.nonzero(known)
    south, north = grid.rows * grid.cell_m - grid.cell_m * np.quantile(rows, [1.0 - BEYOND, BEYOND])
    west, east = grid.cell_m * np.quantile(cols, [BEYOND, 1.0 - BEYOND])
    panel.set(xlim=(west - MARGIN_M, east + MARGIN_M), ylim=(south - MARGIN_M, north + MARGIN_M))
