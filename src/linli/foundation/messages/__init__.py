"""Telling people: templates, in-app, SMS, mail, delivery log. Not deciding when to tell."""
