"""Pure parts of the trail: what is being recorded, how a value is written down, how a batch is sealed and checked, the file of heads."""

from linli.foundation.audit.engine.recording import LONGEST, plain, recording, repeated

__all__ = ["LONGEST", "plain", "recording", "repeated"]
