"""What floors above declare about personal data: what is held of somebody, what can be corrected and erased, what ends by itself."""

from __future__ import annotations

from linli.foundation.privacy.types import Correctable, Eraser, Holding, Keeping
from linli.lib.registry import Registry

HOLDINGS: Registry[Holding] = Registry("holding of personal data")
"""In this order they stand in the copy a resident gets."""
CORRECTABLE: Registry[Correctable] = Registry("value a resident may have corrected")
ERASERS: Registry[Eraser] = Registry("eraser of personal data")
"""By the code the pack names in `retention.yaml`."""
KEEPINGS: Registry[Keeping] = Registry("kind of record that ends")
"""By the code the pack names in `retention.yaml`."""
