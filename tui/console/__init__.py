"""What the commands of the command line share: options, errors, output."""
