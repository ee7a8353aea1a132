"""This project's sparse stage and pycolmap on the same photos, one after the other: time, photos, reprojection, GPS."""

import argparse
import json
import math
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pycolmap
from PIL import Image

from photos import has_photos, photos_of

LONGEST_SIDE_PX = 2000
NEIGHBOURS = 20
SPARSE_STEPS = ("photo", "features", "adjustment")
EARTH_RADIUS_M = 6_378_137.0


@dataclass
class Outcome:
    """What one program made of a folder of photos."""

    seconds: dict[str, float]
    model: pycolmap.Reconstruction | None

    @property
    def total(self) -> float:
        return sum(self.seconds.values())


def shrink(source: Path, target: Path) -> None:
    """Copies photos at no more than LONGEST_SIDE_PX, with their EXIF and XMP."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for path in photos_of(source):
        with Image.open(path) as photo:
            scale = LONGEST_SIDE_PX / max(photo.size)
            if scale >= 1.0:
                shutil.copy(path, target)
                continue
            kept = {key: photo.info[key] for key in ("exif", "xmp") if key in photo.info}
            size = (round(photo.width * scale), round(photo.height * scale))
            photo.resize(size, Image.Resampling.LANCZOS).save(target / path.name, quality=95, **kept)


def run_plumbline(program: Path, photos: Path, work: Path) -> Outcome:
    """`georeference` as a fresh process, then the block as pycolmap reads it."""
    shutil.rmtree(work, ignore_errors=True)
    begin = time.perf_counter()
    subprocess.run([program, "georeference", photos, "--out", work / "run"], check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - begin
    steps = json.loads((work / "run" / "run.json").read_text())["steps"]
    seconds = {step["name"]: step["seconds"] for step in steps if step["name"] in SPARSE_STEPS}
    seconds["rest"] = max(0.0, wall - sum(seconds.values()))
    subprocess.run(
        [program, "export", "colmap", work / "run", "--out", work / "model"], check=True, stdout=subprocess.DEVNULL
    )
    return Outcome(seconds, pycolmap.Reconstruction(work / "model"))


def run_pycolmap(photos: Path, work: Path) -> Outcome:
    """Extraction, spatial matching and the faster of incremental and global mapping; one camera for all photos."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    database = work / "database.db"
    extraction = pycolmap.FeatureExtractionOptions()
    extraction.max_image_size = LONGEST_SIDE_PX
    pairing = pycolmap.SpatialPairingOptions()
    pairing.max_num_neighbors = NEIGHBOURS
    seconds, _ = {}, pycolmap.set_random_seed(1)
    seconds["extract"], _ = timed(
        lambda: pycolmap.extract_features(
            database, photos, camera_mode=pycolmap.CameraMode.SINGLE, extraction_options=extraction
        )
    )
    seconds["match"], _ = timed(lambda: pycolmap.match_spatial(database, pairing_options=pairing))
    mappers = {"incremental": pycolmap.incremental_mapping, "global": pycolmap.global_mapping}
    tries = {}
    for name, mapper in mappers.items():
        folder = work / name
        folder.mkdir()
        tries[name] = timed(lambda mapper=mapper, folder=folder: mapper(database, photos, folder))
        print(f"  pycolmap, {name} mapping: {tries[name][0]:.1f} s, {registered(largest(tries[name][1]))} photos")
    whole = max(registered(largest(models)) for _, models in tries.values())
    complete = {n: t for n, t in tries.items() if registered(largest(t[1])) == whole}
    name = min(complete, key=lambda n: complete[n][0])
    seconds[f"{name} mapping"] = tries[name][0]
    return Outcome(seconds, largest(tries[name][1]))


def timed(work):
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def largest(models: dict[int, pycolmap.Reconstruction]) -> pycolmap.Reconstruction | None:
    return max(models.values(), key=registered, default=None)


def registered(model: pycolmap.Reconstruction | None) -> int:
    return model.num_reg_images() if model else 0


def gps_positions(photos: Path) -> dict[str, np.ndarray]:
    """EXIF positions in metres east, north and up of their mean, on a sphere: exact to a millimetre over a flight."""
    geographic = {}
    for path in photos_of(photos):
        with Image.open(path) as photo:
            gps = photo.getexif().get_ifd(0x8825)
        if 2 in gps and 4 in gps:
            latitude = angle(gps[2]) * (-1 if gps.get(1) == "S" else 1)
            longitude = angle(gps[4]) * (-1 if gps.get(3) == "W" else 1)
            geographic[path.name] = np.array([longitude, latitude, float(gps.get(6, 0.0))])
    if not geographic:
        return {}
    origin = np.mean(list(geographic.values()), axis=0)
    east = math.radians(1.0) * EARTH_RADIUS_M * math.cos(math.radians(origin[1]))
    metres = np.array([east, math.radians(1.0) * EARTH_RADIUS_M, 1.0])
    return {name: (position - origin) * metres for name, position in geographic.items()}


def angle(parts) -> float:
    return sum(float(part) / 60.0**i for i, part in enumerate(parts))


def gps_rms_m(model: pycolmap.Reconstruction, positions: dict[str, np.ndarray]) -> np.ndarray:
    """RMS east, north and up of the projection centres against GPS after the best similarity (Umeyama 1991)."""
    images = [image for image in model.images.values() if image.has_pose and image.name in positions]
    if len(images) < 3:
        return np.full(3, np.nan)
    centres = np.array([image.projection_center() for image in images])
    targets = np.array([positions[image.name] for image in images])
    source, target = centres - centres.mean(axis=0), targets - targets.mean(axis=0)
    u, sizes, v_t = np.linalg.svd(target.T @ source)
    signs = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ v_t))])
    scale = (sizes * signs).sum() / (source**2).sum()
    residuals = target - scale * source @ (u * signs @ v_t).T
    return np.sqrt((residuals**2).mean(axis=0))


def describe(name: str, outcome: Outcome, photos: int, positions: dict[str, np.ndarray]) -> None:
    stages = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in outcome.seconds.items())
    print(f"  {name:9} {outcome.total:7.2f} s  ({stages})")
    if outcome.model is None:
        print(f"  {'':9} no model")
        return
    outcome.model.update_point_3d_errors()
    east, north, up = gps_rms_m(outcome.model, positions)
    print(
        f"  {'':9} {registered(outcome.model)}/{photos} photos, {outcome.model.num_points3D()} points, reprojection "
        f"{outcome.model.compute_mean_reprojection_error():.3f} px, RMS to GPS {east:.3f} {north:.3f} {up:.3f} m"
    )


def compare(folder: Path, program: Path, work: Path, repeats: int) -> None:
    if not has_photos(folder):
        return
    print(folder.name)
    photos = work / "photos"
    shrink(folder, photos)
    positions = gps_positions(photos)
    count = len(photos_of(photos))
    for _ in range(repeats):
        own = run_plumbline(program, photos, work / "plumbline")
        peer = run_pycolmap(photos, work / "pycolmap")
        describe("plumbline", own, count, positions)
        describe("pycolmap", peer, count, positions)
        print(f"  {'':9} {peer.total / own.total:.1f} times as fast")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, help="folders of photos, one flight each")
    parser.add_argument("--plumbline", type=Path, required=True, help="this project's program")
    parser.add_argument("--work", type=Path, required=True, help="folder for everything that is written")
    parser.add_argument("--repeats", type=int, default=1, help="runs of each program, alternating [default: 1]")
    arguments = parser.parse_args()
    pycolmap.logging.minloglevel = pycolmap.logging.WARNING.value
    for folder in arguments.folders:
        compare(folder, arguments.plumbline, arguments.work / folder.name, arguments.repeats)


if __name__ == "__main__":
    main()
