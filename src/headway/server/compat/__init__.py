"""Older APIs, one file each: their paths, fields, codes and event names over the same verbs."""
