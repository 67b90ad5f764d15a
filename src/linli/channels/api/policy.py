"""Partner systems are the account administrators' business; the door itself acts as a job."""

from linli.channels.api.models import ApiBucket, ApiClient, ApiReply, ApiToken
from linli.foundation.scope.models import Power, Protection

clients = Protection(ApiClient, [Power("admin.accounts"), Power("system")])
tokens = Protection(ApiToken, [Power("admin.accounts"), Power("system")])
replies = Protection(ApiReply, [Power("system")])
buckets = Protection(ApiBucket, [Power("system")])
