"""What tests share: a stub of SQS at the wire, moto's server, a clock that is moved by hand, and waiting."""
