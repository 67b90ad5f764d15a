"""What the launcher or systemd tells us. Every name is documented in docs/operations.md."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
MODE = os.environ.get("LINLI_MODE") or (
    "test" if "pytest" in sys.modules else "production"
)  # demo | production | test; pytest reads settings before conftest
DEMO = MODE == "demo"
TESTING = MODE == "test"
STATE_DIR = Path(os.environ.get("LINLI_STATE", ROOT / "var"))
PACKS_DIR = ROOT / "packs"
PACKS = os.environ.get("LINLI_PACKS", "national,xinyu").split(",")
KEYS_FILE = os.environ.get("LINLI_KEYS_FILE", "")
EVENTS_URL = os.environ.get("EVENTS_URL", "")  # empty: /events/ on the same host (behind nginx)
SITE_URL = os.environ.get("LINLI_SITE_URL", "http://127.0.0.1:8000")


def _secret() -> str:
    name = os.environ.get("LINLI_SECRET_KEY_FILE", "")
    if name:
        return Path(name).read_text(encoding="utf-8").strip()
    if MODE == "production":
        raise SystemExit(
            "LINLI_SECRET_KEY_FILE is not set: write a long random text into a file only the service can read and name it here."
        )
    return "only-for-tests-and-tools-that-serve-nobody"


SECRET_KEY = _secret()
DEBUG = False
