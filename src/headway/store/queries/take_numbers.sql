-- Numbers for events that are not a runner's and change no state.
UPDATE jobs SET seq = seq + :n, version = version + 1
 WHERE tenant = :tenant AND id = :id AND deleted_at IS NULL
RETURNING seq, attempt
