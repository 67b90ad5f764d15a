"""Public facilities of a place, what they are and who looks after them. Not homes (premises) nor devices that report."""
