"""Towers of a real flight: how plane their roofs are, how sharp their walls, and whether the ground between them was seen.

`run towers FLIGHT`: `process`; then towers are found in its surface model without being told. A roof is a connected region of more
than 60 square metres that is level (slope and departure from a plane small, judged on cells of about 25 cm) and lies more than
15 m above its surroundings, the 10 % quantile of the heights within 15 m. A tower is what stands higher than half way up and
hangs together with a roof. Roofs are judged about their own plane, in the model's own cells. Profiles run across the outline of a tower, from the ground to
the top; the rise of a wall is the way from 10 to 90 per cent of its height, cells without a height included, and again of the walls
that have none such. What lies between towers is what is no tower in the convex hull of all of them.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import ndimage
from scipy.spatial import ConvexHull, Delaunay

import picture
import program
import raster
from photos import has_photos
from raster import Grid
from smoothness import slope_and_roughness
from trend import fitted, scatter, terms

#: Side of the cells that roofs are found in, metres.
CELL_M = 0.25
#: Cells around one of a roof, how far they may depart from a plane, metres, and the plane's slope.
REACH, LEVEL_M, STEEPEST = 1, 0.08, 0.15
#: Least size of a roof, square metres, and its height above what surrounds it, metres.
LEAST_M2, TALL_M = 60.0, 15.0
#: How far its surroundings reach, metres, and which quantile of their heights is the ground.
AROUND_M, GROUND = 15.0, 0.1
#: Length of a profile on each side of an outline, metres; each of its ends must be level to this, metres.
PROFILE_M, END_LEVEL_M = 2.5, 1.0
#: Share of a profile, on each end, that tells the height of the ground or the top.
END = 0.25
#: Every how many cells of an outline a profile runs.
EVERY = 3
#: Smoothing of an outline that gives the direction across it, metres.
SMOOTH_M = 0.5
#: Width of the strip along the towers that is told apart, metres.
FOOT_M = 3.0


@dataclass
class Roof:
    """A level region high above the ground, in coarse cells."""

    cells: np.ndarray
    height_m: float
    ground_m: float

    @property
    def half_way(self) -> float:
        return 0.5 * (self.height_m + self.ground_m)


def roofs(grid: Grid, heights: np.ndarray) -> list[Roof]:
    """Level regions that are large and tall enough, largest first."""
    slope, roughness = slope_and_roughness(heights, grid.cell_m, REACH)
    labels, count = ndimage.label((roughness < LEVEL_M) & (slope < STEEPEST))
    sizes = ndimage.sum_labels(np.ones_like(labels), labels, np.arange(1, count + 1)) * grid.cell_m**2
    found = []
    for label in 1 + np.argsort(-sizes)[: int((sizes > LEAST_M2).sum())]:
        cells = labels == label
        roof = Roof(cells, float(np.median(heights[cells])), ground_about(grid, heights, cells))
        if roof.height_m - roof.ground_m > TALL_M:
            found.append(roof)
    return found


def ground_about(grid: Grid, heights: np.ndarray, cells: np.ndarray) -> float:
    near = ndimage.distance_transform_edt(~cells) * grid.cell_m < AROUND_M
    return float(np.nanquantile(heights[near], GROUND))


def towers_of(roofs: list[Roof], heights: np.ndarray) -> np.ndarray:
    """Cells that hang together with a roof above half its height."""
    standing = np.zeros(heights.shape, bool)
    for roof in roofs:
        labels, _ = ndimage.label(heights > roof.half_way)
        own = np.unique(labels[roof.cells])
        standing |= np.isin(labels, own[own > 0])
    return standing


def plane_scatter(grid: Grid, heights: np.ndarray, cells: np.ndarray) -> float:
    """Scatter of the model's own cells about the plane through them, metres."""
    rows, cols = np.nonzero(cells & np.isfinite(heights))
    design = terms(np.column_stack([cols, rows]) * grid.cell_m, 1)
    own = heights[rows, cols].astype(float)
    own -= np.median(own)
    return scatter(own - design @ fitted(design, own))


def profiles(grid: Grid, heights: np.ndarray, tower: np.ndarray) -> np.ndarray:
    """Heights along lines across the outlines of towers, from outside to inside, one a row."""
    soft = ndimage.gaussian_filter(tower.astype(np.float32), SMOOTH_M / grid.cell_m)
    down, across = np.gradient(soft)
    outline = tower & ~ndimage.binary_erosion(tower)
    rows, cols = (axis[::EVERY] for axis in np.nonzero(outline))
    inward = np.stack([down[rows, cols], across[rows, cols]], axis=1)
    inward /= np.maximum(np.linalg.norm(inward, axis=1, keepdims=True), 1e-9)
    reach = round(PROFILE_M / grid.cell_m)
    steps = np.arange(-reach, reach + 1)[None, :]
    at = [np.round(place[:, None] + steps * inward[:, i : i + 1]).astype(int) for i, place in enumerate((rows, cols))]
    return heights[np.clip(at[0], 0, grid.rows - 1), np.clip(at[1], 0, grid.cols - 1)]


@dataclass
class Rise:
    """How far a wall takes from 10 to 90 per cent of the way up, cells, and whether some of those have no height."""

    cells: int
    has_hole: bool


def rises(lines: np.ndarray) -> list[Rise]:
    """Of the profiles that have a level top and a level foot."""
    end = max(3, round(END * lines.shape[1]))
    return [found for line in lines if (found := rise(line, end)) is not None]


def rise(line: np.ndarray, end: int) -> Rise | None:
    foot, top = line[:end], line[-end:]
    if not (is_level(foot) and is_level(top)):
        return None
    low, high = np.nanmedian(foot), np.nanmedian(top)
    if high - low < 0.5 * TALL_M:
        return None
    share = (line - low) / (high - low)
    # From the top: the last cell at the foot, then the first one at the top.
    down = np.nonzero(share < 0.1)[0]
    if len(down) == 0 or not (share[down[-1] :] > 0.9).any():
        return None
    wide = int(np.argmax(share[down[-1] :] > 0.9))
    return Rise(wide, bool(np.isnan(line[down[-1] : down[-1] + wide]).any()))


def is_level(part: np.ndarray) -> bool:
    known = part[np.isfinite(part)]
    return len(known) >= len(part) // 2 and scatter(known) < END_LEVEL_M


def between(grid: Grid, tower: np.ndarray) -> np.ndarray:
    """What is no tower in the convex hull of the towers."""
    corners = np.column_stack(np.nonzero(tower & ~ndimage.binary_erosion(tower)))
    hull = Delaunay(corners[ConvexHull(corners).vertices])
    inside = np.zeros(tower.shape, bool)
    for row in range(tower.shape[0]):
        inside[row] = hull.find_simplex(np.column_stack([np.full(grid.cols, row), np.arange(grid.cols)])) >= 0
    return inside & ~tower


def finer(cells: np.ndarray, shape: tuple[int, int], factor: int) -> np.ndarray:
    """Coarse cells on the model's own grid."""
    whole = np.zeros(shape, bool)
    fine = np.repeat(np.repeat(cells, factor, axis=0), factor, axis=1)
    whole[: fine.shape[0], : fine.shape[1]] = fine
    return whole


def describe_walls(found: list[Rise]) -> None:
    whole = [wall.cells for wall in found if not wall.has_hole]
    for name, cells in (("all", [wall.cells for wall in found]), ("without a hole", whole)):
        if cells:
            print(f"  walls, {name}: {len(cells)} profiles, 10-90 % in {np.median(cells):.0f} cells, p90 {np.quantile(cells, 0.9):.0f}")


def describe(fine: Grid, heights: np.ndarray, grid: Grid, found: list[Roof], factor: int) -> np.ndarray:
    """Prints what the roofs, the walls and the ground between them are like; gives the towers."""
    shape = (fine.rows, fine.cols)
    print(f"  {'roof':>4} {'m2':>6} {'above ground m':>14} {'NMAD cm':>8}")
    for number, roof in enumerate(found, 1):
        own = plane_scatter(fine, heights, finer(roof.cells, shape, factor))
        area = roof.cells.sum() * grid.cell_m**2
        print(f"  {number:>4} {area:>6.0f} {roof.height_m - roof.ground_m:>14.1f} {100 * own:>8.1f}")
    tower = towers_of([Roof(finer(r.cells, shape, factor), r.height_m, r.ground_m) for r in found], heights)
    describe_walls(rises(profiles(fine, heights, tower)))
    gap = between(fine, tower)
    foot = gap & (ndimage.distance_transform_edt(~tower) * fine.cell_m < FOOT_M)
    known = np.isfinite(heights)
    print(f"  between towers: {known[gap].mean():.1%} of the cells have a height, {known[foot].mean():.1%} within {FOOT_M:.0f} m of a wall")
    return tower


def draw(path: Path, fine: Grid, heights: np.ndarray, ortho: np.ndarray, grid: Grid, found: list[Roof]) -> None:
    figure, axes = picture.panels(2)
    picture.hillshade(axes[0], fine, heights, "surface model, shaded (pink: no height)")
    axes[1].imshow(ortho, extent=picture.extent(fine))
    axes[1].set(title="true orthophoto, with the roofs that were found", xlabel="east, m")
    top = fine.rows * fine.cell_m
    for number, roof in enumerate(found, 1):
        x = (np.arange(grid.cols) + 0.5) * grid.cell_m
        y = top - (np.arange(grid.rows) + 0.5) * grid.cell_m
        axes[1].contour(x, y, roof.cells, levels=[0.5], colors="red", linewidths=0.8)
        rows, cols = np.nonzero(roof.cells)
        axes[1].text(x[int(cols.mean())], y[int(rows.mean())], str(number), color="red", fontsize=14)
    picture.crop(axes[0], fine, np.isfinite(heights))
    figure.savefig(path, dpi=picture.DPI)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path, help="folder of the flight")
    parser.add_argument("--plumbline", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--reuse", action="store_true", help="look at what the last run left")
    arguments = parser.parse_args()
    if not has_photos(arguments.photos):
        return
    out = arguments.work / arguments.photos.name
    if not arguments.reuse:
        program.process(arguments.plumbline, arguments.photos, out)
    epoch = program.epoch_of(out)
    fine, heights = raster.read(epoch / "dsm.tif")
    factor = max(1, round(CELL_M / fine.cell_m))
    grid, coarse = raster.coarser(fine, heights, factor)
    found = roofs(grid, coarse)
    print(f"{arguments.photos.name}: cells of {100 * fine.cell_m:.0f} cm, {program.step_seconds(out)['surface']:.1f} s, {len(found)} roofs")
    if found:
        describe(fine, heights, grid, found, factor)
    path = arguments.work / f"{arguments.photos.name}.png"
    draw(path, fine, heights, raster.read_colour(epoch / "ortho.tif"), grid, found)
    print(f"  picture: {path}")


if __name__ == "__main__":
    main()
