"""Whole paths: a value arrives, the owner is told, somebody answers, the digest comes."""
