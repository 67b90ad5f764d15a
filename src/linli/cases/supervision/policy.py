"""Clocks and cards are seen where their subject is."""

from linli.cases.supervision.models import Card, Clock, Rung, Suspension
from linli.foundation.scope.models import OneCase, Own, Power, Protection, Region, Unit, Via

clocks = Protection(
    Clock, [Region("region_path", line="line"), Own("party_id"), OneCase("subject_id"), Unit("unit_id"), Power("system")], open_insert=True
)
suspensions = Protection(Suspension, [Region("region_path"), Own("party_id"), OneCase("subject_id"), Power("system")])
rungs = Protection(Rung, [Via("clock_id", Clock), Power("system")])
cards = Protection(Card, [Region("region_path", line="line"), Unit("unit_id"), Power("system")], open_insert=True)
