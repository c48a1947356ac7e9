"""Where the inspector of a list is, which shows what the cursor is on."""

from enum import Enum


class Inspecting(Enum):
    """Where the inspector is."""

    BESIDE = "beside"
    WHOLE = "whole"
    HIDDEN = "hidden"

    @property
    def next(self) -> "Inspecting":
        return {self.BESIDE: self.WHOLE, self.WHOLE: self.HIDDEN, self.HIDDEN: self.BESIDE}[self]
