"""The wallboard: a television that shows how it goes, without keyboard, mouse and names."""
