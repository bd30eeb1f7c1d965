"""The probe: one table of Web API calls, asked through Slack's own two client libraries."""
