"""Verifies log folders and receipts with aics-tlog, an implementation that this project has no part in.

verify_log.py KEY PATH...   prints a line for each path: "ok PATH" or "no PATH: why".
"""

import base64
import sys
from pathlib import Path

from aics_tlog import audit_tiles, parse_note, parse_vkey, verify_checkpoint, verify_inclusion
from aics_tlog.hashing import leaf_hash
from aics_tlog.tiles import FileSystemTileReader


def head(key, note):
    """Size and root that a checkpoint states, if the log signed it."""
    result = verify_checkpoint(parse_note(note), key, expected_origin=key.name)
    if not result.ok:
        raise ValueError(result.error)
    return result.size, result.root


def log(key, folder):
    """Every tile and every entry, against the signed root."""
    size, root = head(key, (folder / "checkpoint").read_bytes())
    audit_tiles(FileSystemTileReader(folder), size, root)


def receipt(key, file):
    """A C2SP tlog-proof with its entry as extra data."""
    proof, note = file.read_text(encoding="utf-8").split("\n\n", 1)
    size, root = head(key, note)
    _, extra, index, *path = proof.split("\n")
    entry = base64.b64decode(extra.removeprefix("extra "))
    path = [base64.b64decode(line) for line in path]
    if not verify_inclusion(leaf_hash(entry), int(index.removeprefix("index ")), size, path, root):
        raise ValueError("the proof does not lead to the root")


key = parse_vkey(sys.argv[1])
for path in map(Path, sys.argv[2:]):
    try:
        (log if path.is_dir() else receipt)(key, path)
        print("ok", path)
    except (ValueError, OSError) as error:
        print(f"no {path}: {error}")
