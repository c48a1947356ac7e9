"""What sluice costs in time, bytes and memory, side by side with what cannot be beaten. Run by `make bench`."""
