"""The point cloud of another tool."""

from dataclasses import dataclass
from pathlib import Path

import laspy
import numpy as np


@dataclass
class Cloud:
    """Points on the map, metres, and the name of the map."""

    points: np.ndarray
    crs: str

    @classmethod
    def read(cls, path: Path) -> "Cloud":
        las = laspy.read(path)
        crs = las.header.parse_crs()
        if crs is None:
            raise SystemExit(f"{path} names no coordinate system")
        return cls(np.stack([las.x, las.y, las.z], axis=1).astype(float), f"EPSG:{crs.to_epsg()}")
