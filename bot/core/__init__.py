"""Pure decisions: the same input gives the same answer; no I/O and no clock."""
