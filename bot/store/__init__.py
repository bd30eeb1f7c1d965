"""The only code that knows the database: tables, queries and migrations, on SQLite and PostgreSQL alike."""
