"""An alert as texts for people."""

from core.model.incident import Alert, NoticeKind

SIGNS: dict[NoticeKind, str] = {"begun": "Alert", "worse": "Alert, worse", "over": "Over"}


def subject_of(alert: Alert) -> str:
    """One line: what happened, and where."""
    return f"{SIGNS[alert.kind]}: {alert.table}"


def alert_text(alert: Alert) -> str:
    """The sentence, the rows that it is about, and where to look."""
    rows = f"Rows: {', '.join(alert.rows)}" if alert.rows else ""
    told = (alert.sentence, f"Source: {alert.source_id}", rows, alert.link, f"{alert.at:%Y-%m-%d %H:%M} UTC")
    return "\n".join(part for part in told if part)
