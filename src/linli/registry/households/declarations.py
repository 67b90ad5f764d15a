"""What the households app registers: its topic."""
from linli.foundation.topics.engine import declare

declare("households.changed", public=True)
