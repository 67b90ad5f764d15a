"""What the premises app registers: how many homes lie in a region."""

from django.utils.translation import gettext_noop

from linli.foundation.regions.engine import CONTENTS, Content
from linli.registry.premises.queries import number_within

CONTENTS.register("premises", Content(20, gettext_noop("Homes and other premises"), number_within))
