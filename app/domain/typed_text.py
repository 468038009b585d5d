"""What people type, as every part of the program may keep it."""


def typed(text: str) -> str:
    """Without the NUL character, which PostgreSQL cannot store and nobody can see; it comes with pasted text."""
    return text.replace("\0", "")
