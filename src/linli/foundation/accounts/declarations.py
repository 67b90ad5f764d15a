"""What the accounts app registers: how many people work in a region."""

from django.utils.translation import gettext_noop

from linli.foundation.accounts.queries import at_work_within
from linli.foundation.regions.engine import CONTENTS, Content

CONTENTS.register("accounts", Content(50, gettext_noop("Staff"), at_work_within))
