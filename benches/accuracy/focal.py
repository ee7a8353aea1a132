"""A flight with its focal length free, believed and fixed: height above take-off, and the bow against another tool's cloud."""

import argparse
import re
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image
from scipy.spatial import cKDTree

matplotlib.use("Agg")
import matplotlib.pyplot as plt

import program
from block import Block
from cloud import Cloud
from photos import has_photos, photos_of
from trend import fitted, scatter, terms

BELIEFS = ("free", "prior", "fixed")
#: Points of the cloud within this distance of a sparse point give its height there, metres.
NEAR_M = 0.5
#: Fewest such points, and their largest scatter (a hard, level surface), metres.
LEAST_NEAR, LEVEL_M = 5, 0.10
#: Sparse points about the spot below a camera that give the height of the ground there, metres.
BELOW_M = 8.0


@dataclass
class Placed:
    """A placed flight, in metres on the map."""

    focal_px: float
    focal_sigma_px: float
    reprojection_px: float
    points: np.ndarray
    cameras: dict[str, np.ndarray]


def place(plumbline: Path, photos: Path, work: Path, belief: str, crs: str) -> Placed:
    run = work / belief / "run"
    program.georeference(plumbline, photos, run, "--focal", belief, "--crs", crs)
    block = Block.read(program.epoch_of(run) / "block.json")
    camera = block.file["report"]["cameras"][0]
    return Placed(
        focal_px=camera["after"]["focal_px"],
        focal_sigma_px=camera["sigma"][0],
        reprojection_px=block.file["reprojection_px"],
        points=block.frame.map_from_world(program.sparse_points(plumbline, run, work / belief / "colmap")),
        cameras={view.name: block.frame.map_from_world(view.center) for view in block.views},
    )


def relative_altitudes(photos: Path) -> dict[str, float]:
    """Height above take-off that each photo's XMP tells."""
    told = {}
    for path in photos_of(photos):
        with Image.open(path) as photo:
            found = re.search(rb'RelativeAltitude="([-+0-9.]+)"', photo.info.get("xmp", b""))
        if found:
            told[path.name] = float(found.group(1))
    return told


def above_ground(block: Placed, told: dict[str, float]) -> np.ndarray:
    """Of each camera: height above the sparse points below it, less what its XMP says."""
    tree = cKDTree(block.points[:, :2])
    off = []
    for name, camera in block.cameras.items():
        below = tree.query_ball_point(camera[:2], BELOW_M)
        if name in told and len(below) >= LEAST_NEAR:
            off.append(camera[2] - np.median(block.points[below, 2]) - told[name])
    return np.array(off)


def barometer_bow(block: Placed, told: dict[str, float]) -> tuple[float, float]:
    """Range of the curved part of camera height less height above take-off, and the scatter about it: a bowed block
    bends its cameras too, and a barometer does not."""
    names = [name for name in told if name in block.cameras]
    places = np.array([block.cameras[name] for name in names])
    risen = places[:, 2] - np.array([told[name] for name in names])
    design = terms(places[:, :2], 2)
    solved = np.linalg.lstsq(design, risen, rcond=None)[0]
    return float(np.ptp(design[:, 3:] @ solved[3:])), float((risen - design @ solved).std(ddof=6))


def differences(block: Placed, cloud: np.ndarray, tree: cKDTree) -> tuple[np.ndarray, np.ndarray]:
    """Places of sparse points on level ground of the cloud, and how far they lie above it."""
    places, heights = [], []
    for point, near in zip(block.points, tree.query_ball_point(block.points[:, :2], NEAR_M), strict=True):
        ground = cloud[near, 2]
        if len(near) >= LEAST_NEAR and ground.std() < LEVEL_M:
            places.append(point[:2])
            heights.append(point[2] - np.median(ground))
    return np.array(places), np.array(heights)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path, help="folder of the flight")
    parser.add_argument("cloud", type=Path, help="point cloud of another tool, LAS or LAZ")
    parser.add_argument("--plumbline", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    arguments = parser.parse_args()

    if not has_photos(arguments.photos):
        return
    read = Cloud.read(arguments.cloud)
    cloud, epsg = read.points, read.crs
    tree = cKDTree(cloud[:, :2])
    told = relative_altitudes(arguments.photos)
    print(f"cloud: {len(cloud)} points, {epsg}; {len(told)} photos tell their height above take-off")
    print(f"{'focal':>6} {'px':>8} {'sigma':>6} {'miss px':>8} {'above XMP m':>12} {'points':>7} {'plane cm':>9} {'quadr cm':>9} {'bow cm':>7}   {'cameras bow cm':>14}")
    figure, panels = plt.subplots(1, len(BELIEFS), figsize=(15, 5), constrained_layout=True)
    for belief, panel in zip(BELIEFS, panels, strict=True):
        block = place(arguments.plumbline, arguments.photos, arguments.work, belief, epsg)
        places, heights = differences(block, cloud, tree)
        plane, quadratic = terms(places, 1), terms(places, 2)
        off_plane = heights - plane @ fitted(plane, heights)
        solved = fitted(quadratic, heights)
        off_quadratic = heights - quadratic @ solved
        bow = quadratic[:, 3:] @ solved[3:]
        above = above_ground(block, told)
        risen, unsteady = barometer_bow(block, told)
        print(
            f"{belief:>6} {block.focal_px:>8.1f} {block.focal_sigma_px:>6.1f} {block.reprojection_px:>8.3f}"
            f" {np.median(above):>6.2f} ± {scatter(above):.2f} {len(heights):>7}"
            f" {100 * scatter(off_plane):>9.1f} {100 * scatter(off_quadratic):>9.1f} {100 * np.ptp(np.quantile(bow, [0.02, 0.98])):>7.1f}"
            f"   {100 * risen:>8.1f} ± {100 * unsteady:.1f}"
        )
        drawn = panel.scatter(*(places - places.mean(axis=0)).T, c=100 * off_plane, s=2, cmap="RdBu_r", vmin=-30, vmax=30)
        panel.set(title=f"focal length {belief}: {block.focal_px:.0f} px", aspect="equal", xlabel="east, m", ylabel="north, m")
    figure.colorbar(drawn, ax=panels, label="above the cloud, less a plane, cm")
    picture = arguments.work / "focal.png"
    figure.savefig(picture, dpi=110)
    print(f"picture: {picture}")


if __name__ == "__main__":
    main()
