"""A person is seen inside the region, and by himself and those he gave a mandate."""
from linli.foundation.scope.models import Own, Power, Protection, Region
from linli.registry.people.models import Person

people = Protection(Person, [Region("region_path"), Own("id"), Power("system")])
