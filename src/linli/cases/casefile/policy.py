"""Who sees and who may do what with a case: every question twice, as a yes/no and as rows."""
from __future__ import annotations

from linli.cases.casefile.models import Case, CaseForm, CaseParticipant, CaseProcess, Draft, Material, Paper, Task, TimelineEntry

from linli.foundation.scope.models import OneCase, Own, Participant, Power, Protection, Region, Unit, User, Via


cases = Protection(
    Case,
    [Region("region_path", line="line", level="level"), Own("party_id"), User("created_by"), Participant(CaseParticipant, "case_id"), OneCase("id"), Power("system")],
)
tasks = Protection(Task, [Region("region_path", line="line", level="level"), Unit("unit_id"), User("assignee_id"), Via("case_id", Case)])
forms = Protection(CaseForm, [Via("case_id", Case)])
processes = Protection(CaseProcess, [Via("case_id", Case)])
timeline = Protection(TimelineEntry, [Via("case_id", Case)])
materials = Protection(Material, [Via("case_id", Case)])
papers = Protection(Paper, [Via("case_id", Case)])
drafts = Protection(Draft, [User("user_id"), Power("system")])
