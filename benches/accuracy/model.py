"""A real flight's surface model held against the point cloud that another tool made of it.

`run model FLIGHT CLOUD`: `process` in the cloud's coordinate system; then surface and cloud are brought to the same square cells by
medians, and cells are compared whose surroundings are hard in both (they depart from a plane by little). A block without
control floats and may bow, so a constant and tilt are taken off first, and a quadratic the second time. The cloud is
photogrammetric too and has no trees: this is agreement, not error.
"""

import argparse
from pathlib import Path

import numpy as np

import fusion
import picture
import program
import raster
from cloud import Cloud
from photos import has_photos
from raster import Grid
from smoothness import slope_and_roughness
from trend import fitted, scatter, terms

#: Least side of the cells that are compared, metres.
CELL_M = 0.25
#: Cells around one that must depart from a plane by less than this to be hard, and how steep the plane may be.
REACH, HARD_M, STEEPEST = 2, 0.04, 0.35
#: Differences that count as agreement, metres.
AGREE_M = 0.10
#: Ends of the colour bar, metres.
SHOWN_M = 0.30


def gridded(cloud: Cloud, grid: Grid) -> np.ndarray:
    """Median height of the points in each cell."""
    patch = fusion.patch_of(grid, cloud.points)
    if patch is None:
        raise SystemExit("the cloud lies elsewhere than the flight")
    cells = np.full((grid.rows, grid.cols), np.nan)
    rows, cols = patch.heights.shape
    cells[patch.row : patch.row + rows, patch.col : patch.col + cols] = patch.heights
    return cells


def is_hard(heights: np.ndarray, cell_m: float) -> np.ndarray:
    slope, roughness = slope_and_roughness(heights, cell_m, REACH)
    return (roughness < HARD_M) & (slope < STEEPEST)


def places_of(grid: Grid, chosen: np.ndarray) -> np.ndarray:
    rows, cols = np.nonzero(chosen)
    east, north = grid.centers()
    return np.column_stack([east[cols], north[rows]])


def off_trend(grid: Grid, off: np.ndarray, hard: np.ndarray, degree: int) -> np.ndarray:
    """Differences of all cells less the trend through those of the hard ones."""
    both = np.isfinite(off)
    places = places_of(grid, both)
    design = terms(places, degree)
    solved = fitted(design[hard[both]], off[hard])
    left = np.full(off.shape, np.nan)
    left[both] = off[both] - design @ solved
    return left


def describe(name: str, left: np.ndarray) -> None:
    far = np.abs(left)
    agreeing = (far < AGREE_M).mean()
    print(
        f"  {name:20} {100 * np.median(far):>9.1f} {100 * scatter(left):>7.1f} {100 * np.quantile(far, 0.9):>7.1f}"
        f" {100 * agreeing:>12.1f}"
    )


def draw(path: Path, grid: Grid, dsm: np.ndarray, lefts: dict[str, np.ndarray]) -> None:
    figure, axes = picture.panels(1 + len(lefts))
    picture.hillshade(axes[0], grid, dsm, "surface model, shaded (pink: no height)")
    for panel, (name, left) in zip(axes[1:], lefts.items(), strict=True):
        shown = panel.imshow(100 * left, cmap="RdBu_r", vmin=-100 * SHOWN_M, vmax=100 * SHOWN_M, extent=picture.extent(grid))
        panel.set(title=f"above the cloud, less {name}", xlabel="east, m")
        panel.set_facecolor("0.75")
    figure.colorbar(shown, ax=axes, label="cm (grey: one of both has no height)", shrink=0.8)
    picture.crop(axes[0], grid, np.isfinite(dsm))
    figure.savefig(path, dpi=picture.DPI)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path, help="folder of the flight")
    parser.add_argument("cloud", type=Path, help="point cloud of another tool, LAS or LAZ")
    parser.add_argument("--plumbline", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--reuse", action="store_true", help="look at what the last run left")
    arguments = parser.parse_args()
    if not has_photos(arguments.photos):
        return
    cloud = Cloud.read(arguments.cloud)
    out = arguments.work / arguments.photos.name
    if not arguments.reuse:
        program.process(arguments.plumbline, arguments.photos, out, "--crs", cloud.crs)
    fine, cells = raster.read(program.epoch_of(out) / "dsm.tif")
    grid, dsm = raster.coarser(fine, cells, max(1, round(CELL_M / fine.cell_m)))
    told = gridded(cloud, grid)
    off = dsm - told
    hard = is_hard(dsm, grid.cell_m) & is_hard(told, grid.cell_m)
    print(f"{arguments.photos.name}: cells of {100 * grid.cell_m:.0f} cm, {program.step_seconds(out)['surface']:.1f} s")
    print(f"  {np.isfinite(dsm)[np.isfinite(told)].mean():.1%} of the cloud's cells have a height, {hard.sum()} are hard in both")
    print(f"  {'less':20} {'median cm':>9} {'NMAD cm':>7} {'p90 cm':>7} {'within 10 cm':>12}")
    lefts = {name: off_trend(grid, off, hard, degree) for name, degree in (("constant and tilt", 1), ("quadratic", 2))}
    for name, left in lefts.items():
        describe(name, left[hard])
    path = arguments.work / f"{arguments.photos.name}.png"
    draw(path, grid, dsm, lefts)
    print(f"  picture: {path}")


if __name__ == "__main__":
    main()
