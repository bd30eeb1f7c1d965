"""Independent judges: other people's libraries look at what the bot says and at how the sandbox answers."""
