"""Opening the forms for a message to a topic, above any screen of it."""

from connectors.errors import Refused
from connectors.sns.connector import SnsConnector
from tui.screens.base import SluiceScreen
from tui.sns.publish import ExplainScreen, PublishScreen
from tui.sns.watched_topic import WatchedTopic


def open_publish(screen: SluiceScreen, watched: WatchedTopic) -> None:
    """Opens the form that publishes, unless the context refuses changes."""
    context = watched.context
    try:
        context.guard.check_change(context.connector(SnsConnector).publishing(watched.topic))
    except Refused as error:
        screen.show_error(error)
    else:
        screen.app.push_screen(PublishScreen(watched))


def open_explain(screen: SluiceScreen, watched: WatchedTopic) -> None:
    """Opens the test message."""
    screen.app.push_screen(ExplainScreen(watched))
