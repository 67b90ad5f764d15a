"""Topics: "something happened", told to whoever registered, after the write, exactly once each. Siblings talk through here, never by import."""
