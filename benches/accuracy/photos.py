"""The photos of a flight."""

from pathlib import Path

SUFFIXES = {".jpg", ".jpeg"}


def photos_of(folder: Path) -> list[Path]:
    """JPEG photos in the order of their names; none where there is no such folder."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)


def has_photos(folder: Path) -> bool:
    """Whether there is a flight to work on; says so where there is none."""
    if photos_of(folder):
        return True
    print(f"{folder.name}: skipped: no JPEG photos in {folder}")
    return False
