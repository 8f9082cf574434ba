"""The HTTP API: the verbs for programs in any language and for pages."""
