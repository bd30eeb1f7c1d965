"""kpi-bot: watches a company's KPIs in Slack."""
