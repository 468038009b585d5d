"""The tables of supervisors: how each queue is measured."""

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.rows import Row
from app.db.types import word
from app.domain.metrics.call_figures import Abandonment, ServiceLevel


class QueueRuleRow(Row):
    """How one queue is measured, where it is not as all others are."""

    __tablename__ = "queue_rule"
    queue: Mapped[str] = mapped_column(String(100), primary_key=True)
    answer_within_ms: Mapped[int] = mapped_column(Integer)
    short_abandon_ms: Mapped[int] = mapped_column(Integer)
    goal_percent: Mapped[int] = mapped_column(Integer)
    service_level: Mapped[ServiceLevel] = mapped_column(word(ServiceLevel))
    abandonment: Mapped[Abandonment] = mapped_column(word(Abandonment))
