DELETE FROM workers WHERE seen_at < :before
