"""The Web API: what the app may ask of Slack, one family of methods a file."""
