-- Rows are only added here: a worker of the previous release may still need those that this one lacks.
INSERT INTO moves (actor, move, source, target)
SELECT r.actor, r.move, r.source, r.target FROM {rows(actor text, move text, source text, target text)}
 WHERE true  -- tells SQLite's parser that what follows is not the ON of a join
ON CONFLICT (actor, move, source, target) DO NOTHING
