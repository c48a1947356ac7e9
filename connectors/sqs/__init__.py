"""Amazon SQS: queues, their counts and attributes, and the messages in them."""
