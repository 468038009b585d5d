"""The page where somebody signs in: name, password, whether to remember it, and why it was refused."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.bootstrap import SignIn, Target
from app.i18n import tr
from ui.theme import scaled, set_kind
from ui.widgets.announce import announce
from ui.widgets.card import Card
from ui.widgets.key_button import KeyButton
from ui.widgets.plain_label import PlainLabel

_WIDTH_PX = 420
_EDGE_PX = 24


class SignInPage(QWidget):
    """Stands alone in the window, until the desk is open."""

    submitted = Signal(object)  # SignIn

    def __init__(self, target: Target) -> None:
        super().__init__()
        self._target = target
        self.name = QLineEdit(target.login)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.remember = QCheckBox(tr("Remember the password in the keyring"))
        self.remember.setEnabled(False)
        self.keyring = PlainLabel(tr("Asking the keyring …"), kind="muted")
        self.sentence = PlainLabel(kind="danger")
        for label in (self.keyring, self.sentence):
            label.setWordWrap(True)
        self.sentence.hide()
        self.button = KeyButton(tr("Sign in"), "Return", kind="primary", icon_name="user")
        self.button.clicked.connect(self._on_submit)
        for field in (self.name, self.password):
            field.returnPressed.connect(self._on_submit)
        self._lay_out()

    def focus(self) -> None:
        """The caret stands where something is to be typed."""
        field = self.password if self.name.text() and self._target.asks_password else self.name
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, sentence: str, *, is_error: bool = True) -> None:
        """Say why it did not work, and let it be tried again; the name stays, the password does not."""
        self._set_busy(False)
        self.password.clear()
        _say(self.sentence, sentence)
        for field in (self.name, self.password):
            set_kind(field, "true" if sentence and is_error else "false", "invalid")
        self.sentence.set_kind("danger" if is_error else "muted")
        self.focus()
        if sentence:
            announce(self, sentence)

    def show_keyring(self, hindrance: str) -> None:
        """What the keyring said: it can remember, or why it cannot."""
        self.remember.setEnabled(not hindrance)
        self.remember.setChecked(not hindrance and self.remember.isChecked())
        _say(self.keyring, hindrance)

    def _on_submit(self) -> None:
        login = self.name.text().strip()
        if not login:
            self.refuse(tr("Type the name that you sign in with."))
        elif self.button.isEnabled():
            self._set_busy(True)
            password = self.password.text() if self._target.asks_password else ""
            self.submitted.emit(SignIn(login=login, password=password, remember=self.remember.isChecked()))

    def _set_busy(self, is_busy: bool) -> None:
        self.button.setEnabled(not is_busy)
        self.button.setText(tr("Signing in …") if is_busy else tr("Sign in"))
        for field in (self.name, self.password):
            field.setReadOnly(is_busy)

    def _lay_out(self) -> None:
        card = Card()
        card.setFixedWidth(scaled(_WIDTH_PX))
        body = card.body
        edge = scaled(_EDGE_PX)
        body.setContentsMargins(edge, scaled(18), edge, edge)
        body.setSpacing(scaled(6))
        body.addWidget(PlainLabel(tr("Sign in"), kind="title"))
        where = PlainLabel(self._target.shown, kind="muted")
        where.setWordWrap(True)
        body.addWidget(where)
        body.addSpacing(scaled(8))
        self._add_field(body, tr("Name"), self.name)
        if self._target.asks_password:
            self._add_field(body, tr("Password"), self.password)
            body.addSpacing(scaled(2))
            body.addSpacing(scaled(4))
            body.addWidget(self.remember)
            body.addWidget(self.keyring)
        body.addSpacing(scaled(6))
        body.addWidget(self.sentence)
        body.addSpacing(scaled(8))
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.button)
        body.addLayout(foot)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def _add_field(self, body: QVBoxLayout, words: str, field: QLineEdit) -> None:
        label = PlainLabel(words, kind="caption")
        label.setBuddy(field)
        body.addSpacing(scaled(4))
        body.addWidget(label)
        body.addWidget(field)


def _say(label: PlainLabel, sentence: str) -> None:
    """All of its lines: a layout that is centred asks no label how high it wants to be."""
    label.setText(sentence)
    label.setMinimumHeight(label.heightForWidth(scaled(_WIDTH_PX - 2 * _EDGE_PX)) if sentence else 0)
    label.setVisible(bool(sentence))
