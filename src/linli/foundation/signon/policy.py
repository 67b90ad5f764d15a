"""Systems are the account administrators' business; codes and tokens only the door's."""

from linli.foundation.scope.models import Power, Protection
from linli.foundation.signon.models import SignOnCode, SignOnToken, System

systems = Protection(System, [Power("admin.accounts"), Power("system")])
codes = Protection(SignOnCode, [Power("system")])
tokens = Protection(SignOnToken, [Power("system")])
