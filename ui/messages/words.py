"""A message as a sentence, in the language of who reads it."""

from app.domain.messages import Message, MessageKind
from app.i18n import tr


def sentence_of(message: Message) -> str:
    """What happened, and to what."""
    title, number = message.title, message.case_number
    match message.kind:
        case MessageKind.ANSWERABLE:
            if number:
                return tr("You can now answer this yourself: “{title}” (your case {number})",
                          title=title, number=number)  # fmt: skip
            return tr("You can now answer this yourself: “{title}”", title=title)
        case MessageKind.CASE_SOLVED:
            return tr("Your case {number} is solved: {title}", number=number, title=title)
        case MessageKind.DRAFT_PUBLISHED:
            return tr("Your answer is published: “{title}”", title=title)
        case MessageKind.DRAFT_SENT_BACK:
            return tr("Your draft came back: “{title}”", title=title)
        case MessageKind.FLAG_SETTLED:
            return tr("Your remark on “{title}” is settled", title=title)
        case MessageKind.CASE_PRIORITISED:
            return tr("Your case {number} has another priority: {title}", number=number, title=title)
        case MessageKind.FIRST_COULD:
            return tr("Case {number} could have been solved with “{title}”", number=number, title=title)
        case MessageKind.CASE_ASSIGNED if not message.text:  # to nobody
            return tr("Case {number} went back into its queue: {title}", number=number, title=title)
        case MessageKind.CASE_ASSIGNED:
            return tr("Case {number} was assigned anew: {title}", number=number, title=title)
