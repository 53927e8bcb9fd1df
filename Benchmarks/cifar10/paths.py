"""The options that every script takes, and the one seed that all others derive from."""

import argparse
import hashlib
from pathlib import Path

SEED = 20240607


def derived_seed(purpose: str) -> int:
    """A seed of its own for each purpose, so that one stage can be re-made without the others."""
    digest = hashlib.sha256(f"{SEED}/{purpose}".encode()).digest()
    return int.from_bytes(digest[:4], "big")


def options(description: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True, help="folder for everything that is made here")
    return parser
