"""The peer of the surface step: OpenCV's semi-global matching of neighbouring photos, fused on this project's grid."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

import fusion
import raster
import stereo
from block import Block, View

MODES = {"3way": cv2.STEREO_SGBM_MODE_SGBM_3WAY, "sgbm": cv2.STEREO_SGBM_MODE_SGBM, "hh": cv2.STEREO_SGBM_MODE_HH}
#: Largest angle between the axes of two photos that are matched, degrees.
LARGEST_ANGLE_DEG = 15.0
#: Baselines of pairs, as a share of the height above the ground.
BASELINES = (0.05, 0.6)
#: Heights that are searched below the lowest tie points and above the highest, metres.
BELOW_M, ABOVE_M = 3.0, 8.0
#: Share of the tie points that is mistaken for the lowest, and for the highest.
MISTAKEN = 0.001


@dataclass
class Setting:
    """How the peer matches."""

    mode: str
    #: Size of the photos it works on.
    scale: float
    #: Photos that each is matched with ahead, behind, left and right.
    nearest: int

    @classmethod
    def of(cls, text: str) -> "Setting":
        """From a text such as `3way:0.5:2`."""
        mode, scale, nearest = text.split(":")
        if mode not in MODES:
            raise ValueError(text)
        return cls(mode, float(scale), int(nearest))

    def __str__(self) -> str:
        return f"{self.mode}:{self.scale:g}:{self.nearest}"


def surface(photos: Path, block: Block, sparse: np.ndarray, grid: raster.Grid, out: Path, setting: Setting) -> float:
    """Writes `dsm.tif` and `dsm_sigma.tif`; the seconds that matching and fusing took, photos read included."""
    begin = time.perf_counter()
    low, high = np.quantile(sparse[:, 2], [MISTAKEN, 1.0 - MISTAKEN])
    heights = (low - BELOW_M, high + ABOVE_M)
    views = [replace(view, camera=view.camera.resized(setting.scale)) for view in block.views]
    cv2.setNumThreads(1)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        grey = list(pool.map(lambda view: read(photos / view.name, view.camera.size), views))

        def matched(pair: tuple[int, int]) -> fusion.Patch | None:
            i, k = pair
            rectified = stereo.rectify(views[i], views[k], heights)
            if rectified is None:
                return None
            found = stereo.disparities(rectified, grey[i], grey[k], MODES[setting.mode])
            return fusion.patch_of(grid, block.frame.map_from_world(rectified.points(found)))

        patches = [patch for patch in pool.map(matched, pairs(views, float(low), setting.nearest)) if patch is not None]
    dsm, sigma = fusion.fuse(grid, patches)
    seconds = time.perf_counter() - begin
    out.mkdir(parents=True, exist_ok=True)
    raster.write(out / "dsm.tif", grid, dsm)
    raster.write(out / "dsm_sigma.tif", grid, sigma)
    return seconds


def read(path: Path, size: tuple[int, int]) -> np.ndarray:
    photo = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION)
    return photo if photo.shape[::-1] == size else cv2.resize(photo, size, interpolation=cv2.INTER_AREA)


def pairs(views: list[View], ground: float, nearest: int) -> list[tuple[int, int]]:
    """Of each photo, the nearest ahead, behind, left and right that look the same way."""
    found = set()
    for i, view in enumerate(views):
        sides: dict[tuple[bool, bool], list[tuple[float, int]]] = {}
        for k, other in enumerate(views):
            if k != i and is_pair(view, other, ground):
                x, y, _ = view.rotation @ (other.center - view.center)
                side = (abs(x) > abs(y), (x if abs(x) > abs(y) else y) > 0.0)
                sides.setdefault(side, []).append((float(np.hypot(x, y)), k))
        for side in sides.values():
            found |= {(min(i, k), max(i, k)) for _, k in sorted(side)[:nearest]}
    return sorted(found)


def is_pair(view: View, other: View, ground: float) -> bool:
    baseline = np.linalg.norm(other.center - view.center) / (view.center[2] - ground)
    alike = view.rotation[2] @ other.rotation[2] > np.cos(np.radians(LARGEST_ANGLE_DEG))
    return bool(alike and BASELINES[0] < baseline < BASELINES[1])
