"""What sign-on registers: its key on disk is encrypted with the data key, and follows when that turns."""

from pathlib import Path

from django.conf import settings

from linli.foundation.scope.engine import RESEALERS, keyring
from linli.foundation.signon.engine import reseal

RESEALERS.register("signon", lambda: reseal(Path(settings.STATE_DIR) / "signon", keyring()))
