"""Those who write answers, and what they do over and over."""

from datetime import UTC, datetime
from uuid import UUID

from app.db.engine import Database
from app.domain.answers import Answer
from app.domain.commands import MoveDraft, WriteDraft
from app.domain.ids import new_id
from app.domain.knowledge import AnswerEvent
from app.domain.messages import MessageKind
from app.domain.people import Person, Role
from app.services.answers import Answers
from app.services.cases import Cases
from app.services.centre_rules import CentreRules
from app.services.commands import Commands
from app.services.knowledge_lists import KnowledgeLists
from app.services.messages import Messages
from tests.builders import Seeded, answer, person
from tests.seeding import add_person

E47 = answer("e-47", title="E-47, red lamp", variants=("no internet", "e-47"), steps=(), body="Clean the sensor.")


class Office:
    """Two editors, and the services."""

    def __init__(self, database: Database, centre: Seeded) -> None:
        self.commands, self.lists = Commands(database), KnowledgeLists(database)
        self.messages, self.answers, self.cases = Messages(database), Answers(database), Cases(database)
        self.rules = CentreRules(database)
        self.agent, self.expert = centre.agent, centre.expert
        self.eva = person("eva", team=centre.office, roles=frozenset({Role.EDITOR}))
        self.max = person("max", team=centre.office, roles=frozenset({Role.EDITOR}))
        with database.write() as session:
            for editor in (self.eva, self.max):
                add_person(session, editor)

    def write(self, by: Person, text: Answer = E47, **details: object) -> UUID:
        draft_id = new_id()
        values = {"draft_id": draft_id, "answer": text} | details
        self.commands.apply(WriteDraft(id=new_id(), by=by.id, at=now(), **values))  # type: ignore[arg-type]
        return draft_id

    def rewrite(self, by: Person, draft_id: UUID, text: Answer, was: int, **details: object) -> None:
        values = {"id": new_id(), "draft_id": draft_id, "answer": text, "was_revision": was} | details
        self.commands.apply(WriteDraft(by=by.id, at=now(), **values))  # type: ignore[arg-type]

    def move(
        self,
        by: Person,
        draft_id: UUID,
        event: AnswerEvent,
        said: str = "",
        *,
        was: int | None = None,
        follows: UUID | None = None,
    ) -> MoveDraft:
        was = self.lists.draft(draft_id).revision if was is None else was
        head = {"id": new_id(), "by": by.id, "at": now()}
        about = {"draft_id": draft_id, "event": event, "was_revision": was, "text": said, "follows": follows}
        made = MoveDraft(**head, **about)  # type: ignore[arg-type]
        self.commands.apply(made)
        return made

    def publish(self, by: Person, text: Answer, **details: object) -> UUID:
        draft_id = self.write(by, text, submits=True, **details)
        self.move(by, draft_id, AnswerEvent.PUBLISHED)
        return draft_id

    def kinds(self, of: Person) -> list[MessageKind]:
        return [message.kind for message in self.messages.of(of.id)]


def now() -> datetime:
    return datetime.now(UTC)
