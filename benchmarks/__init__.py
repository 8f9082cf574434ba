"""Headway beside its peers, measured in alternating goes on one machine: see docs/performance.md."""
