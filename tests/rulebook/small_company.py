"""A company small enough to read at a glance: three people, three KPIs, five priorities; other tests may use it."""

from collections.abc import Mapping
from pathlib import Path

FILES = {
    "company.yaml": """\
name: Small Company
timezone: Europe/Madrid
language: en
currency: EUR
operators_channel: operations
fallback_channel: executive
scores: {excellent: 90, strong: 80, good: 70, at_risk: 50}
statuses: {green: 90, yellow: 70, blue: 110}
stale_after: 2
""",
    "people.yaml": """\
people:
  ana: {name: Ana Alba, slack: U0ANA0001, clearance: executive}
  bruno: {name: Bruno Bosch, slack: U0BRUNO01, language: es, clearance: department, departments: [revenue]}
  carla: {name: Carla Costa, slack: U0CARLA01, clearance: department, departments: [revenue, operations]}
roles:
  ceo: {title: CEO, held_by: ana}
  cro: {title: {en: Chief Revenue Officer, es: Director de ingresos}, held_by: bruno, deputy: carla}
""",
    "channels.yaml": """\
executive: {name: "#executive", slack: C0EXEC0001, clearance: executive}
revenue: {name: "#revenue", slack: C0REVENUE1, clearance: department, departments: [revenue], language: es}
operations: {name: "#operations", slack: C0OPERATE1, clearance: department, departments: [operations]}
""",
    "departments.yaml": """\
revenue: {name: {en: Revenue, es: Ingresos}, head: cro, channel: revenue, weight: 2}
operations: {name: {en: Operations, es: Operaciones}, head: ceo, channel: operations}
""",
    "priorities.yaml": """\
thresholds: {warning: medium, critical: critical}
priorities:
  critical:
    name: {en: Critical, es: Crítica}
    window: {en: at once, es: de inmediato}
    rank: 0
    acknowledge_within: 30m
    respond_within: 4h
    remind_before: 1h
    reopen_within: 24h
    escalation: [owner, deputy, department_head, ceo]
  high:
    name: {en: High, es: Alta}
    window: 24 h
    rank: 1
    acknowledge_within: 4h
    respond_within: 24h
    remind_before: 4h
    reopen_within: 24h
    escalation: [owner, deputy, department_head]
  medium:
    name: {en: Medium, es: Media}
    window: 72 h
    rank: 2
    acknowledge_within: 24h
    respond_within: 72h
    remind_before: 12h
    reopen_within: 3d
    escalation: [owner, deputy]
  low:
    name: {en: Low, es: Baja}
    window: {en: 1 week, es: 1 semana}
    rank: 3
    acknowledge_within: 3d
    respond_within: 1w
    remind_before: 1d
    reopen_within: 1w
  insight:
    name: {en: Insight, es: Oportunidad}
    window: {en: no clock, es: sin plazo}
    rank: 4
    reopen_within: 1w
""",
    "clearance.yaml": """\
executive: {everywhere: [executive, financial, internal, operational]}
department: {everywhere: [operational], own_departments: [financial, internal]}
support: {everywhere: [operational]}
external: {}
""",
    "reports.yaml": """\
daily: {name: {en: Daily summary, es: Resumen diario}, cron: "0 8 * * *", channel: executive}
""",
    "kpis/revenue.yaml": """\
churn_rate:
  name: {en: Churn rate, es: Tasa de cancelación}
  aliases: [churn]
  unit: percent
  direction: lower_is_better
  frequency: monthly
  kind: output
  category: retention
  department: revenue
  owner: cro
  classification: internal
  target: 2.5
  thresholds: {warning: 2.5, warning_recovery: 2.4, critical: 4.0, critical_recovery: 3.8}
  weight: 2
  rules:
    - id: churn-worsening
      when: {worsens_for: 2 periods}
      priority: medium
      runbook_url: https://wiki.example.com/churn
      examples:
        - {history: [2.0, 2.4, 2.9, 3.2], expect: breached}
        - {history: [3.2, 2.9, 3.0], expect: calm}
mrr:
  name: {en: Monthly recurring revenue, es: Ingresos recurrentes mensuales}
  aliases: [recurring revenue]
  unit: EUR
  direction: higher_is_better
  frequency: monthly
  kind: north_star
  category: growth
  department: revenue
  owner: cro
  classification: financial
  target: {2026-01: 400000, 2026-07: 450000}
  rules:
    - id: mrr-falls
      when: {falls: {by: 10 %, over: 1 period}}
      priority: high
""",
    "kpis/operations.yaml": """\
uptime:
  name: {en: Uptime, es: Disponibilidad}
  unit: percent
  direction: higher_is_better
  frequency: daily
  kind: health
  category: reliability
  department: operations
  owner: ceo
  classification: operational
  target: 99.9
  thresholds: {critical: 99.0, critical_recovery: 99.5}
""",
}


def write_small_company(folder: Path) -> Path:
    """Write the small company's rules into a folder (made when it is not there) and give the folder back."""
    return _write(folder, FILES)


def _write(folder: Path, files: Mapping[str, str]) -> Path:
    for file, text in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


SOURCES = {
    "sources.yaml": """\
connections:
  warehouse: {sql: WAREHOUSE_URL, seconds: 20}
  billing: {http: https://api.example.com, token: BILLING_TOKEN}
  exports: {folder: data}
refresh_schedule:
  monthly: "0 6 1 * *"
""",
    "queries/sign_ups.sql": """\
-- People who signed up, a month.
SELECT date_trunc('month', day), count(*)
FROM accounts
WHERE day >= :since AND day < :until
GROUP BY 1
""",
    "kpis/fetched.yaml": """\
sign_ups:
  name: {en: Sign-ups, es: Altas}
  unit: count
  direction: higher_is_better
  frequency: monthly
  kind: input
  category: growth
  department: revenue
  owner: cro
  classification: internal
  target: 500
  source: {sql: sign_ups.sql, connection: warehouse}
invoices:
  name: {en: Invoices, es: Facturas}
  unit: count
  direction: higher_is_better
  frequency: daily
  kind: output
  category: growth
  department: revenue
  owner: cro
  classification: internal
  target: 20
  source: {path: /invoices, connection: billing, at: "30 5 * * *"}
""",
}
"""Two more KPIs of the small company, which are fetched, with what that takes."""


def write_sources(folder: Path) -> Path:
    """Add the KPIs that are fetched to the folder and give it back."""
    return _write(folder, SOURCES)
