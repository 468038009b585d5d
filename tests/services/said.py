"""What commands of `firstline-admin` say, in the same process."""

import pytest

from app.cli import main


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """What the command says when it ends as it should: on standard output, or as an error."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    out, err = capsys.readouterr()
    assert (ended.value.code or 0) == code, out + err
    return err if code else out


class Said:
    """Runs the commands of one group on one database."""

    def __init__(self, group: str, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self._group, self._url, self._capsys = group, url, capsys

    def __call__(self, *arguments: str, code: int = 0) -> str:
        return told(self._capsys, self._group, *arguments, "--database", self._url, code=code)
