"""Mandates are seen by both sides and by the clerks of the grantor's community."""
from linli.foundation.accounts.models import Mandate
from linli.foundation.scope.models import Own, Power, Protection, Region

mandates = Protection(Mandate, [Region("region_path"), Own("grantor_id"), Own("grantee_id"), Power("system")])
