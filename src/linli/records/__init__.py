"""Records: what is asked, written down and read back about people and places by declaration; no case, no clock, no matter belongs here."""
