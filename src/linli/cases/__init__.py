"""Cases: everything promised to someone, from the matter in the catalogue to the evaluation. People, homes and rights live below."""
