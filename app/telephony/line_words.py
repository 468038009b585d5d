"""What is wrong with a line behind the gateway, in sentences."""

from datetime import UTC, datetime

from app.domain.lines import GatewayPhase, GatewayState, Refusal
from app.i18n import tr


def trouble(gateway: GatewayState | None) -> str:
    """Of a gateway that does not serve."""
    if gateway is None:
        return tr("No gateway has ever connected this database with a telephone system. Ask your administrator.")
    time = f"{(gateway.trouble_since or datetime.now(UTC)).astimezone():%H:%M}"
    if gateway.phase is GatewayPhase.STOPPED:
        return tr("The gateway was stopped at {time}. Calls ring at the telephone and do not appear here.", time=time)
    if gateway.is_silent:
        return tr("No word from the gateway since {time}. Calls ring at the telephone and do not appear here.",
                  time=time)  # fmt: skip
    if gateway.phase is GatewayPhase.STARTING:
        return tr("The telephone system is starting. Calls come when it is ready.")
    return tr("The gateway has no connection to the telephone system since {time}. Calls ring at the telephone and do"
              " not appear here.", time=time)  # fmt: skip


def refused(refusal: Refusal | None, detail: str) -> str:
    """Why an order was not done; `detail` has the telephone system's own words."""
    match refusal:
        case Refusal.NOT_YOURS:
            return tr("This call is over, or it is at another telephone.")
        case Refusal.NO_TELEPHONE:
            return tr("No telephone is assigned to you. Your administrator does that: firstline-admin gateway assign.")
        case Refusal.TOO_LATE | Refusal.INTERRUPTED:
            return tr("The gateway did not answer in time. Look whether it was done, and try again if not.")
    return detail
