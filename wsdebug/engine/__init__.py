"""Dial, conversation, connection and recorder; asyncio, and no screen."""
