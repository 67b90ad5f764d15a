"""Households are seen inside the region; a resident sees the membership rows about himself and his household's other members."""

from linli.foundation.scope.models import Own, Power, Protection, Region
from linli.registry.households.models import Household, Membership, Occupancy, Relation

memberships = Protection(Membership, [Region("region_path"), Own("person_id"), Power("system")])
households = Protection(Household, [Region("region_path"), Power("system")])
relations = Protection(Relation, [Region("region_path"), Region("other_path"), Own("person_id"), Own("other_id"), Power("system")])
occupancies = Protection(Occupancy, [Region("region_path"), Own("person_id"), Power("system")])
