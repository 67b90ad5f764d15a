"""Premises are seen inside the region; a resident sees his own home through his household."""

from linli.foundation.scope.models import Power, Protection, Region
from linli.registry.premises.models import Premises

premises = Protection(Premises, [Region("region_path"), Power("system")])
