"""What every system of the city stands on: rights, regions, people who work here, trails, time, files, messages."""
