"""Sign-in and account pages of both doors."""
