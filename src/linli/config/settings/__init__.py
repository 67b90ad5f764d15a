"""One small file per concern. The order says nothing: a file that needs a name of another imports it."""

from linli.config.settings.accounts import *
from linli.config.settings.apps import *
from linli.config.settings.contact import *
from linli.config.settings.database import *
from linli.config.settings.environment import *
from linli.config.settings.linking import *
from linli.config.settings.logs import *
from linli.config.settings.security import *
from linli.config.settings.web import *
