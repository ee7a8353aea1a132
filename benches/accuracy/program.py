"""This project's program, run from outside, and what it leaves in its folder."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np


def georeference(program: Path, photos: Path, out: Path, *more: str) -> None:
    fresh(program, "georeference", photos, out, *more)


def process(program: Path, photos: Path, out: Path, *more: str) -> None:
    fresh(program, "process", photos, out, *more)


def fresh(program: Path, command: str, photos: Path, out: Path, *more: str) -> None:
    """Runs from nothing; what the program has to say is shown only where it fails."""
    shutil.rmtree(out, ignore_errors=True)
    made = subprocess.run([program, command, photos, "--out", out, *more], capture_output=True, text=True)
    if made.returncode != 0:
        raise SystemExit(f"plumbline {command} {photos}: {made.stderr}")


def epoch_of(out: Path) -> Path:
    """Folder of the last date's products."""
    return max((out / "epochs").iterdir())


def step_seconds(out: Path) -> dict[str, float]:
    steps = json.loads((out / "run.json").read_text())["steps"]
    return {step["name"]: step["seconds"] for step in steps}


def sparse_points(program: Path, out: Path, model: Path) -> np.ndarray:
    """Tie points of a run, in its world."""
    subprocess.run([program, "export", "colmap", out, "--out", model], check=True, stdout=subprocess.DEVNULL)
    rows = (line.split() for line in (model / "points3D.txt").read_text().splitlines() if not line.startswith("#"))
    return np.array([[float(value) for value in row[1:4]] for row in rows])


def bench(program: Path, name: str) -> Path:
    """The bench that was built last beside the program."""
    found = [path for path in (program.parent / "deps").glob(f"{name}-*") if not path.suffix]
    if not found:
        raise SystemExit(f"the bench {name!r} is not built")
    return max(found, key=lambda path: path.stat().st_mtime)
