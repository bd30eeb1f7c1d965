"""What the workspace holds, and how it looks from outside."""
