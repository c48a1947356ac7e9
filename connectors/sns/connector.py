"""The face of SNS: what one open context holds of it."""

from connectors.open_context import OpenContext
from connectors.sns.models import TopicsReading
from connectors.sns.source import TopicWatch, watch_topics
from connectors.sns.topics import read_topics
from connectors.watching.schedule import REFRESH_SECONDS


class SnsConnector:
    """The topics of one open context. It holds nothing that closing gives back."""

    held = 0

    def __init__(self, context: OpenContext) -> None:
        self._session = context.aws

    async def topics(self) -> TopicsReading:
        """As `read_topics`."""
        return await read_topics(self._session)

    def watch(self, *, refresh_seconds: float = REFRESH_SECONDS, rows_on_screen: int = 0) -> TopicWatch:
        """As `watch_topics`."""
        return watch_topics(self._session, refresh_seconds=refresh_seconds, rows_on_screen=rows_on_screen)

    async def close(self, budget: float) -> None:
        """Has nothing to give back."""
