"""Somebody at the keyboard, as for the tests of the screens."""

from tests.tui.conftest import sluice as sluice
from tests.tui.conftest import utc as utc
