"""Who is who at the desk."""
