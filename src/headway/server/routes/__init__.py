"""The routes of the native API, one file per noun."""
