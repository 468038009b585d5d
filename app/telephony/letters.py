"""The letters of names that come over the telephone."""


def decoded(data: bytes) -> str:
    """Old systems send names in Latin-1, and who is between passes the bytes on: better those letters than no call."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")
