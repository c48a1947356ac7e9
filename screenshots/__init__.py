"""The pictures of the README, and what draws them from the demo's data."""
