"""OpenCV's semi-global matching of two photos, rectified along their baseline (Fusiello et al. 2000; Hirschmüller 2008)."""

from dataclasses import dataclass

import cv2
import numpy as np

from block import View

#: Side of the block that is compared, pixels.
BLOCK = 5
#: By how much the best match must be better than the next, per cent.
UNIQUENESS = 5
#: Patches of at most so many pixels that stand off their surroundings by more than so many pixels are dropped.
SPECKLE_PX, SPECKLE_RANGE = 100, 2
#: Points along each border of a photo that tell how far it reaches.
BORDER = 12
#: Disparities come in multiples of this, and in this part of a pixel.
STEP, PARTS = 16, 16
#: Columns a match may miss its match back by.
BACK_PX = 1
#: More disparities than these are not searched: memory.
MOST_DISPARITIES = 640


@dataclass
class Rectified:
    """Two photos turned so that what they both see lies on the same row."""

    left: View
    right: View
    #: Turns directions of the world into those of both turned photos.
    turn: np.ndarray
    focal: float
    #: Corners of the turned photos, pixels from their common principal point.
    left_corner: np.ndarray
    right_corner: np.ndarray
    size: tuple[int, int]
    least_disparity: float
    disparities: int

    @property
    def baseline(self) -> float:
        return float(np.linalg.norm(self.right.center - self.left.center))

    def points(self, disparity: np.ndarray) -> np.ndarray:
        """World points of the pixels that have a disparity, one a row."""
        rows, cols = np.nonzero(np.isfinite(disparity))
        forward = self.focal * self.baseline / (disparity[rows, cols] + self.least_disparity)
        x = (cols + 0.5 + self.left_corner[0]) / self.focal * forward
        y = (rows + 0.5 + self.left_corner[1]) / self.focal * forward
        return np.stack([x, y, forward], axis=1) @ self.turn + self.left.center


def rectify(left: View, right: View, heights: tuple[float, float]) -> Rectified | None:
    """Turns two photos about their centres, for ground between two heights of the world; `None` where they share none."""
    turn = common_turn(left, right)
    focal = left.camera.focal
    baseline = np.linalg.norm(right.center - left.center)
    reach = [border(view, turn) * focal for view in (left, right)]
    depths = np.concatenate([depths_of(view, turn, heights) for view in (left, right)])
    least, most = focal * baseline / depths.max(), focal * baseline / depths.min()
    disparities = STEP * int(np.ceil((most - least) / STEP + 1))
    (left_min, left_max), (right_min, right_max) = ((r.min(axis=0), r.max(axis=0)) for r in reach)
    west, east = max(left_min[0], right_min[0] + least), min(left_max[0], right_max[0] + most)
    north, south = max(left_min[1], right_min[1]), min(left_max[1], right_max[1])
    # The matcher leaves out its first columns.
    corner = np.floor([west - disparities, north])
    size = (int(east - corner[0]), int(south - north))
    if size[0] <= 2 * disparities or size[1] <= STEP or disparities > MOST_DISPARITIES:
        return None
    shifted = corner - [least, 0.0]
    return Rectified(left, right, turn, focal, corner, shifted, size, least, disparities)


def common_turn(left: View, right: View) -> np.ndarray:
    """Axes along the baseline, across it, and as near as can be to where both photos look."""
    x = right.center - left.center
    x /= np.linalg.norm(x)
    y = np.cross(left.rotation[2] + right.rotation[2], x)
    y /= np.linalg.norm(y)
    return np.stack([x, y, np.cross(x, y)])


def rays(view: View) -> np.ndarray:
    """World directions in which the border of a photo looks."""
    width, height = view.camera.size
    along, down = np.linspace(0.0, width, BORDER), np.linspace(0.0, height, BORDER)
    sides = [(along, 0.0), (along, height), (0.0, down), (width, down)]
    pixels = np.concatenate([np.stack(np.broadcast_arrays(x, y), axis=1) for x, y in sides]) - 0.5
    seen = cv2.undistortPoints(pixels[:, None], view.camera.matrix(), view.camera.distortion)[:, 0]
    return np.column_stack([seen, np.ones(len(seen))]) @ view.rotation


def border(view: View, turn: np.ndarray) -> np.ndarray:
    turned = rays(view) @ turn.T
    return turned[:, :2] / turned[:, 2:]


def depths_of(view: View, turn: np.ndarray, heights: tuple[float, float]) -> np.ndarray:
    """Distances, along the axis of the turned photo, of the ground on the border of a photo."""
    sight = rays(view)
    return np.concatenate([(z - view.center[2]) / sight[:, 2] * (sight @ turn[2]) for z in heights])


def turned(view: View, photo: np.ndarray, turn: np.ndarray, focal: float, corner: np.ndarray, size: tuple[int, int]):
    """A photo without distortion in its new attitude, and which of its pixels were in the photo."""
    x, y = -corner - 0.5
    matrix = np.array([[focal, 0.0, x], [0.0, focal, y], [0.0, 0.0, 1.0]])
    camera = view.camera
    across, down = cv2.initUndistortRectifyMap(
        camera.matrix(), camera.distortion, turn @ view.rotation.T, matrix, size, cv2.CV_32FC1
    )
    width, height = camera.size
    inside = (across >= 0) & (across <= width - 1) & (down >= 0) & (down <= height - 1)
    return cv2.remap(photo, across, down, cv2.INTER_CUBIC), inside


def disparities(pair: Rectified, left: np.ndarray, right: np.ndarray, mode: int) -> np.ndarray:
    """How far each pixel of the left photo lies from its match, less the least; NaN where none is certain."""
    seen_left, in_left = turned(pair.left, left, pair.turn, pair.focal, pair.left_corner, pair.size)
    seen_right, in_right = turned(pair.right, right, pair.turn, pair.focal, pair.right_corner, pair.size)
    matcher = cv2.StereoSGBM_create(
        minDisparity=0,
        numDisparities=pair.disparities,
        blockSize=BLOCK,
        P1=8 * BLOCK**2,
        P2=32 * BLOCK**2,
        disp12MaxDiff=BACK_PX,
        preFilterCap=31,
        uniquenessRatio=UNIQUENESS,
        speckleWindowSize=SPECKLE_PX,
        speckleRange=SPECKLE_RANGE,
        mode=mode,
    )
    found = matcher.compute(seen_left, seen_right).astype(np.float32) / PARTS
    there = np.arange(found.shape[1]) - np.round(found).astype(int)
    matched = np.take_along_axis(in_right, np.clip(there, 0, found.shape[1] - 1), axis=1) & (there >= 0)
    found[~(in_left & matched & (found >= 0.0))] = np.nan
    return found
