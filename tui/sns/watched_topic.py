"""A topic with its subscriptions as its screen reads them, for the screens that stand above that one."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from connectors.open_context import OpenContext
from connectors.sns.connector import SnsConnector
from connectors.sns.models import PublishDraft, Topic, TopicDetails
from connectors.sns.receivers import Receipt
from connectors.sns.subscriptions import SubscriptionState, SubscriptionWatch
from tui.screens.base import SluiceScreen
from tui.sns.kept_messages import KeptMessages, Written

if TYPE_CHECKING:
    from connectors.sns.receivers import Receivers


class WatchedTopic:
    """`watch` goes on while a screen of the topic is in front, unless it is frozen by hand."""

    def __init__(self, context: OpenContext, topic: Topic, watch: SubscriptionWatch) -> None:
        self.context = context
        self.topic = topic
        self.watch = watch
        self.details: TopicDetails | None = None
        self.receivers: Receivers = context.connector(SnsConnector).receivers(topic)
        self._in_front: dict[SluiceScreen, Callable[[], object] | None] = {}
        """By screen what is called after each news of the watch."""
        self._frozen = False

    def enter(self, screen: SluiceScreen, on_news: Callable[[], object] | None = None) -> None:
        """`screen` is in front now, and `on_news` is called after each news of the watch. The screen below it may say
        later that it is not in front any more."""
        self._in_front[screen] = on_news
        self._read_or_not()

    def leave(self, screen: SluiceScreen) -> None:
        """`screen` is not in front any more."""
        self._in_front.pop(screen, None)
        self._read_or_not()

    def freeze(self, frozen: bool) -> None:
        """Stops the reading, or lets it go on, as somebody asked."""
        self._frozen = frozen
        self._read_or_not()

    def _read_or_not(self) -> None:
        self.watch.freeze(self._frozen or not self._in_front)

    @property
    def states(self) -> list[SubscriptionState]:
        return [*self.watch.states.values()]

    def state(self, key: str) -> SubscriptionState | None:
        """The subscription with this key in the watch; None where it is not listed any more."""
        return self.watch.states.get(key)

    def judge(self, draft: PublishDraft) -> list[Receipt]:
        """Who would receive `draft`: no first, then can't tell, then yes."""
        return self.receivers.judge(self.states, draft)

    @property
    def written(self) -> Written:
        """The message that was written for the topic in this run."""
        return self.context.memory.of(KeptMessages).of(self.topic.arn)

    @written.setter
    def written(self, written: Written) -> None:
        self.context.memory.of(KeptMessages).keep(self.topic.arn, written)

    def tell(self) -> None:
        """Calls what the screens in front gave for news."""
        for on_news in [*self._in_front.values()]:
            if on_news is not None:
                on_news()
