"""SQS on the screen and on the command line: queues, messages, and what may be done to them."""
