"""What casefile tells the floors below and beside it."""
from linli.foundation.topics.engine import declare

declare("cases.case_submitted", live=True, public=True)
declare("cases.case_accepted", live=True, public=True)
declare("cases.case_moved", live=True, public=True)
declare("cases.case_decided", live=True, public=True)
declare("cases.case_closed", live=True, public=True)
