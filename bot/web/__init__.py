"""The HTTP edge: the push API, reading KPIs, health, metrics and the door Slack's signed requests come in by."""
