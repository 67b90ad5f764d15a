"""Cases: everything that is promised to someone, from the matter in the catalogue to the evaluation after delivery. People, homes and rights live below."""
