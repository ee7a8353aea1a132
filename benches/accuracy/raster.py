"""North-up rasters on a map."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio

from median import median


@dataclass
class Grid:
    """Square cells: their shape, and GDAL's names for where they lie."""

    rows: int
    cols: int
    west: float
    north: float
    cell_m: float
    crs: rasterio.CRS

    def positions(self, east: np.ndarray, north: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows and columns of the cells under map positions, also where those lie outside."""
        rows = np.floor((self.north - north) / self.cell_m).astype(np.int64)
        return rows, np.floor((east - self.west) / self.cell_m).astype(np.int64)

    def centers(self) -> tuple[np.ndarray, np.ndarray]:
        """Easting of every column and northing of every row."""
        east = self.west + (np.arange(self.cols) + 0.5) * self.cell_m
        return east, self.north - (np.arange(self.rows) + 0.5) * self.cell_m


def read(path: Path) -> tuple[Grid, np.ndarray]:
    """The first band, with NaN for no data."""
    with rasterio.open(path) as file:
        place = file.transform
        grid = Grid(file.height, file.width, place.c, place.f, place.a, file.crs)
        return grid, file.read(1, masked=True).filled(np.nan)


def read_colour(path: Path) -> np.ndarray:
    """Red, green and blue, the last axis; white where there is no colour."""
    with rasterio.open(path) as file:
        bands = np.moveaxis(file.read(), 0, -1)
    return np.where(bands[..., 3:] > 0, bands[..., :3], 255)


def write(path: Path, grid: Grid, cells: np.ndarray) -> None:
    place = rasterio.Affine(grid.cell_m, 0.0, grid.west, 0.0, -grid.cell_m, grid.north)
    about = {"height": grid.rows, "width": grid.cols, "count": 1, "dtype": "float32", "nodata": np.nan}
    with rasterio.open(path, "w", driver="GTiff", crs=grid.crs, transform=place, compress="deflate", **about) as file:
        file.write(cells.astype(np.float32), 1)


def coarser(grid: Grid, cells: np.ndarray, factor: int) -> tuple[Grid, np.ndarray]:
    """Medians of blocks of `factor` x `factor` cells; cells that fill no block are left out."""
    rows, cols = grid.rows // factor, grid.cols // factor
    whole = cells[: rows * factor, : cols * factor]
    layers = np.stack([whole[i::factor, k::factor] for i in range(factor) for k in range(factor)])
    return Grid(rows, cols, grid.west, grid.north, grid.cell_m * factor, grid.crs), median(layers)
