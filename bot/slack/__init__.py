"""The only code that knows Slack: listeners, messenger, blocks, manifest."""
