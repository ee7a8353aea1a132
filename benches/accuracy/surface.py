"""Surfaces of simulated flights beside their truth: this project's, and the peer's from the same photos and poses.

`run surface [WIDTH]`: the Rust bench `surface` simulates the flights (once), runs `process` on them and prints its own row; then
OpenCV's matcher (peer.py) works on the photos with the poses of that run, and the Rust bench `score` holds both surfaces against
the city. Seconds per megapixel of photo are those of the dense matching alone: the step `surface` of `run.json`, and the
peer's matching and fusing with the reading of its photos.
"""

import argparse
import os
import subprocess
from pathlib import Path

import peer
import program
import raster
from block import Block
from photos import photos_of

FLIGHTS = ("nadir", "nadir_and_oblique")
WIDTH_PX = 2000
#: What the peer is tried with; the best row is the one to compare with.
SETTINGS = ("3way:1:2", "3way:1:1", "3way:0.5:2", "hh:0.5:2")


def megapixels(block: Block) -> float:
    return sum(view.camera.size[0] * view.camera.size[1] for view in block.views) * 1e-6


def score(bench: Path, flight: str, width: int, site: Path, products: Path) -> list[str]:
    """Head and row of the bench's table."""
    told = subprocess.run([bench, flight, str(width), site, products], check=True, capture_output=True, text=True)
    return told.stdout.splitlines()


def compare(flight: str, arguments: argparse.Namespace) -> None:
    site, width = arguments.work / f"{flight}_{arguments.width}", arguments.width
    bench = program.bench(arguments.plumbline, "score")
    out = site / "out"
    epoch = program.epoch_of(out)
    photos = photos_of(site / "flights" / epoch.name)[0].parent
    block = Block.read(epoch / "block.json")
    area = megapixels(block)
    head, row = score(bench, flight, width, site, epoch)
    seconds = program.step_seconds(out)["surface"]
    print(f"{flight}, {len(block.views)} photos, {area:.0f} MP; load before {os.getloadavg()[0]:.1f}")
    print(f"  {'':16} {'s/MP':>6} {head}\n  {'plumbline':16} {seconds / area:>6.3f} {row}", flush=True)
    sparse = program.sparse_points(arguments.plumbline, out, site / "colmap")
    grid, _ = raster.read(epoch / "dsm.tif")
    for setting in arguments.peer:
        made = site / f"peer_{setting}".replace(":", "_")
        seconds = peer.surface(photos, block, sparse, grid, made, setting)
        _, row = score(bench, flight, width, site, made)
        print(f"  {f'peer {setting}':16} {seconds / area:>6.3f} {row}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("width", nargs="?", type=int, default=WIDTH_PX, help="width of the photos [default: 2000]")
    parser.add_argument("--plumbline", type=Path, required=True, help="this project's program")
    parser.add_argument("--work", type=Path, required=True, help="folder for everything that is written")
    parser.add_argument(
        "--peer",
        nargs="+",
        type=peer.Setting.of,
        default=[peer.Setting.of(text) for text in SETTINGS],
        help=f"the peer's mode, scale of the photos and neighbours each way [default: {' '.join(SETTINGS)}]",
    )
    parser.add_argument("--reuse", action="store_true", help="score what the last run of `process` left")
    arguments = parser.parse_args()
    if not arguments.reuse:
        arguments.work.mkdir(parents=True, exist_ok=True)
        bench = program.bench(arguments.plumbline, "surface")
        subprocess.run([bench, arguments.plumbline, arguments.work, str(arguments.width)], check=True)
    for flight in FLIGHTS:
        compare(flight, arguments)


if __name__ == "__main__":
    main()
