"""Where everything lies, and the one seed that all others derive from."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent
MODELS = ROOT / "models"
DATA = ROOT / "data"
ADVERSARIAL = DATA / "adversarial"
GARMENT = DATA / "garment"
GOLDEN = ROOT / "golden"
PROVENANCE = ROOT / "PROVENANCE.json"
SPLITS = DATA / "splits.json"
# What the attack stage has to tell the provenance stage; not committed (`.build*/` is ignored).
SCRATCH = ROOT / ".build"

SEED = 20240607


def derived_seed(purpose: str) -> int:
    """A seed of its own for each purpose, so that one stage can be re-made without the others."""
    digest = hashlib.sha256(f"{SEED}/{purpose}".encode()).digest()
    return int.from_bytes(digest[:4], "big")
