"""Proofs of the sandbox."""
