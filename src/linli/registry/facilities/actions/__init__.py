"""Writes: facilities entered, changed, and who is responsible for them."""

from linli.registry.facilities.actions.facilities import assign_duty, change_status, confirm_ownership, correct_facility, enter_facility

__all__ = ["assign_duty", "change_status", "confirm_ownership", "correct_facility", "enter_facility"]
