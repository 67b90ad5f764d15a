"""Tables of the exchange."""

from linli.registry.exchange.models.catalogue import Item, Resource
from linli.registry.exchange.models.changes import Change, Given
from linli.registry.exchange.models.files import DataFile
from linli.registry.exchange.models.pushing import Delivery, Endpoint
from linli.registry.exchange.models.subscriptions import Subscription

__all__ = ["Change", "DataFile", "Delivery", "Endpoint", "Given", "Item", "Resource", "Subscription"]
