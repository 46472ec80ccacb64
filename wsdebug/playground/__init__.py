"""The built-in server for demo, serve and tests."""
