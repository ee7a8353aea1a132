"""A flight with its focal length free, believed and fixed: height above take-off, and the bow against another tool's cloud."""

import argparse
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import laspy
import matplotlib
import numpy as np
from PIL import Image
from scipy.spatial import cKDTree

matplotlib.use("Agg")
import matplotlib.pyplot as plt

BELIEFS = ("free", "prior", "fixed")
#: Points of the cloud within this distance of a sparse point give its height there, metres.
NEAR_M = 0.5
#: Fewest such points, and their largest scatter (a hard, level surface), metres.
LEAST_NEAR, LEVEL_M = 5, 0.10
#: Sparse points about the spot below a camera that give the height of the ground there, metres.
BELOW_M = 8.0


@dataclass
class Block:
    """A placed flight, in metres on the map."""

    focal_px: float
    focal_sigma_px: float
    reprojection_px: float
    points: np.ndarray
    cameras: dict[str, np.ndarray]


def place(program: Path, photos: Path, work: Path, belief: str, crs: str) -> Block:
    out = work / belief
    shutil.rmtree(out, ignore_errors=True)
    subprocess.run(
        [program, "georeference", photos, "--out", out / "run", "--focal", belief, "--crs", crs],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    subprocess.run([program, "export", "colmap", out / "run", "--out", out / "colmap"], check=True, stdout=subprocess.DEVNULL)
    block = json.loads(next((out / "run" / "epochs").glob("*/block.json")).read_text())
    frame = block["block"]["frame"]
    origin = np.array([frame["origin"][axis] for axis in ("east", "north", "height")])
    scale = np.array([frame["scale"], frame["scale"], 1.0])
    rows = (line.split() for line in (out / "colmap" / "points3D.txt").read_text().splitlines() if not line.startswith("#"))
    points = np.array([[float(value) for value in row[1:4]] for row in rows])
    camera = block["report"]["cameras"][0]
    return Block(
        focal_px=camera["after"]["focal_px"],
        focal_sigma_px=camera["sigma"][0],
        reprojection_px=block["reprojection_px"],
        points=points * scale + origin,
        cameras={view["name"]: center(view) * scale + origin for view in block["block"]["views"]},
    )


def center(view: dict) -> np.ndarray:
    """Projection centre of a pose that carries the world into the camera."""
    pose = view["cam_from_world"]
    x, y, z, w = pose["rotation"]
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    return -turn.T @ np.array(pose["translation"])


def relative_altitudes(photos: Path) -> dict[str, float]:
    """Height above take-off that each photo's XMP tells."""
    told = {}
    for path in sorted(photos.glob("*.JPG")):
        with Image.open(path) as photo:
            found = re.search(rb'RelativeAltitude="([-+0-9.]+)"', photo.info.get("xmp", b""))
        if found:
            told[path.name] = float(found.group(1))
    return told


def above_ground(block: Block, told: dict[str, float]) -> np.ndarray:
    """Of each camera: height above the sparse points below it, less what its XMP says."""
    tree = cKDTree(block.points[:, :2])
    off = []
    for name, camera in block.cameras.items():
        below = tree.query_ball_point(camera[:2], BELOW_M)
        if name in told and len(below) >= LEAST_NEAR:
            off.append(camera[2] - np.median(block.points[below, 2]) - told[name])
    return np.array(off)


def barometer_bow(block: Block, told: dict[str, float]) -> tuple[float, float]:
    """Range of the curved part of camera height less height above take-off, and the scatter about it: a bowed block
    bends its cameras too, and a barometer does not."""
    names = [name for name in told if name in block.cameras]
    places = np.array([block.cameras[name] for name in names])
    risen = places[:, 2] - np.array([told[name] for name in names])
    design = terms(places[:, :2], 2)
    solved = np.linalg.lstsq(design, risen, rcond=None)[0]
    return float(np.ptp(design[:, 3:] @ solved[3:])), float((risen - design @ solved).std(ddof=6))


def differences(block: Block, cloud: np.ndarray, tree: cKDTree) -> tuple[np.ndarray, np.ndarray]:
    """Places of sparse points on level ground of the cloud, and how far they lie above it."""
    places, heights = [], []
    for point, near in zip(block.points, tree.query_ball_point(block.points[:, :2], NEAR_M), strict=True):
        ground = cloud[near, 2]
        if len(near) >= LEAST_NEAR and ground.std() < LEVEL_M:
            places.append(point[:2])
            heights.append(point[2] - np.median(ground))
    return np.array(places), np.array(heights)


def terms(places: np.ndarray, degree: int) -> np.ndarray:
    x, y = (places - places.mean(axis=0)).T
    columns = [np.ones_like(x), x, y, x * x, x * y, y * y]
    return np.stack(columns[: 3 if degree == 1 else 6], axis=1)


def fitted(design: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """Least squares, four times without what lies beyond three scatters: trees and cars."""
    kept = np.abs(heights - np.median(heights)) < 1.0
    for _ in range(4):
        solved = np.linalg.lstsq(design[kept], heights[kept], rcond=None)[0]
        left = heights - design @ solved
        kept = np.abs(left) < 3.0 * scatter(left)
    return solved


def scatter(values: np.ndarray) -> float:
    """Normalised median absolute deviation."""
    return float(1.4826 * np.median(np.abs(values - np.median(values))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path, help="folder of the flight")
    parser.add_argument("cloud", type=Path, help="point cloud of another tool, LAS or LAZ")
    parser.add_argument("--plumbline", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    arguments = parser.parse_args()

    las = laspy.read(arguments.cloud)
    cloud = np.stack([las.x, las.y, las.z], axis=1).astype(float)
    crs = las.header.parse_crs()
    if crs is None:
        raise SystemExit(f"{arguments.cloud} names no coordinate system")
    epsg = f"EPSG:{crs.to_epsg()}"
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
