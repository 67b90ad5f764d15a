"""An evaluation is seen where its case is; its author is masked from the one rated."""
from linli.cases.casefile.models import Case
from linli.cases.evaluation.models import CallBack, Evaluation
from linli.foundation.scope.models import Power, Protection, Via

evaluations = Protection(Evaluation, [Via("case_id", Case), Power("system")])
callbacks = Protection(CallBack, [Via("evaluation_id", Evaluation), Power("system")])
