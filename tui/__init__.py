"""The application: wires connectors to widgets."""
