-- What was put off becomes ready when its time has come.
UPDATE jobs SET due_at = NULL, version = version + 1
 WHERE state = 'pending' AND due_at IS NOT NULL AND due_at <= :now
