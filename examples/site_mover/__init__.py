"""Moves a website between two places, folders or SFTP servers, as three linked jobs: scan, plan, transfer."""
