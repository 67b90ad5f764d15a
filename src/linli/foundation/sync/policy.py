"""A phone is seen by its worker and by those who look after accounts; what it brought by its worker alone."""

from linli.foundation.scope.models import Power, Protection, User
from linli.foundation.sync.models import Device, Item

devices = Protection(Device, [User("user_id"), Power("admin.accounts"), Power("system")])
items = Protection(Item, [User("worker_id"), Power("system")])
