"""Small widgets that know nothing of services."""
