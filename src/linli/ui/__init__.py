"""The design system: shells, components, menu registry, request types and error pages. No domain word belongs here."""
