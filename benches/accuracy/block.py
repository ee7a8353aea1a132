"""A placed flight as `block.json` tells it: the frame, the cameras and the poses of the photos."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass
class Frame:
    """The local world on the map: x east, y north, z up, in true metres from an origin."""

    origin: np.ndarray
    scale: np.ndarray

    def map_from_world(self, points: np.ndarray) -> np.ndarray:
        return points * self.scale + self.origin


@dataclass
class Camera:
    """Brown's camera; pixels from the outer corner of the first one, lengths in pixels."""

    size: tuple[int, int]
    focal: float
    middle: np.ndarray
    #: k1, k2, p1, p2, k3: the order OpenCV has them in.
    distortion: np.ndarray

    def resized(self, factor: float) -> "Camera":
        width, height = self.size
        size = (round(width * factor), round(height * factor))
        return Camera(size, self.focal * factor, self.middle * factor, self.distortion)

    def matrix(self) -> np.ndarray:
        """Camera matrix where the centre of the first pixel is (0, 0), as OpenCV has it."""
        x, y = self.middle - 0.5
        return np.array([[self.focal, 0.0, x], [0.0, self.focal, y], [0.0, 0.0, 1.0]])


@dataclass
class View:
    """A photo with its pose."""

    name: str
    camera: Camera
    #: Turns directions of the world into those of the camera: right, down, forward.
    rotation: np.ndarray
    #: Projection centre in the world.
    center: np.ndarray


@dataclass
class Block:
    """Views in one frame."""

    frame: Frame
    views: list[View]
    #: The whole of `block.json`, for its report.
    file: dict

    @classmethod
    def read(cls, path: Path) -> "Block":
        file = json.loads(path.read_text())
        block = file["block"]
        cameras = [camera_of(told) for told in block["cameras"]]
        return cls(frame_of(block["frame"]), [view_of(told, cameras) for told in block["views"]], file)


def frame_of(told: dict) -> Frame:
    origin = np.array([told["origin"][axis] for axis in ("east", "north", "height")])
    return Frame(origin, np.array([told["scale"], told["scale"], 1.0]))


def camera_of(told: dict) -> Camera:
    distortion = np.array([told[name] for name in ("k1", "k2", "p1", "p2", "k3")])
    return Camera((told["width"], told["height"]), told["focal_px"], np.array([told["cx"], told["cy"]]), distortion)


def view_of(told: dict, cameras: list[Camera]) -> View:
    pose = told["cam_from_world"]
    turn = rotation(*pose["rotation"])
    return View(told["name"], cameras[told["camera_idx"]], turn, -turn.T @ np.array(pose["translation"]))


def rotation(x: float, y: float, z: float, w: float) -> np.ndarray:
    """Matrix of a unit quaternion."""
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
