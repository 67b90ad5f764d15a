"""One small file per concern; the order matters only where a later one reads an earlier name."""
from linli.config.settings.environment import *  # noqa: F403
from linli.config.settings.apps import *  # noqa: F403
from linli.config.settings.database import *  # noqa: F403
from linli.config.settings.accounts import *  # noqa: F403
from linli.config.settings.web import *  # noqa: F403
from linli.config.settings.contact import *  # noqa: F403
from linli.config.settings.security import *  # noqa: F403
from linli.config.settings.logs import *  # noqa: F403
