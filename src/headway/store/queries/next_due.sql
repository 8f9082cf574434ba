SELECT min(due_at) FROM jobs WHERE state = 'pending' AND due_at IS NOT NULL
