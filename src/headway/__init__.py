"""Headway tracks long-running work and keeps it in hand."""
