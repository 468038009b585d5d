"""Files of many kinds, the keyring, the system's time zone: what reaches out, but for database and telephone."""
