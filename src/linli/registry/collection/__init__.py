"""What grid workers see and note on the spot: visits due, visits made, values corrected at the door. Not whose word stands (sources)."""
