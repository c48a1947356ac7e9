"""Shapes of the AWS files and of what stands behind them, each with the one line that the command line gives."""
