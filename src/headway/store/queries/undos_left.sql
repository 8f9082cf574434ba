-- What a rollback has still to undo, in the order in which it does: from the last one recorded to the first.
-- Down to a step: what was recorded in it and in the steps before it stays, and of what was recorded in no step, what
-- recorded before it ended: by their order, since a clock may go back.
SELECT u.position, u.key, u.type, u.input, u.step, u.state, u.error, u.recorded_at, u.ended_at FROM undos AS u
  LEFT JOIN steps AS own ON own.tenant = u.tenant AND own.job = u.job AND own.name = u.step  --? to_step
  JOIN steps AS last ON last.tenant = u.tenant AND last.job = u.job AND last.name = :to_step --? to_step
 WHERE u.tenant = :tenant AND u.job = :job AND u.state <> 'done' AND u.position < :below
   AND CASE WHEN own.position IS NULL                                                        --? to_step
            THEN u.position > last.undos                                                     --? to_step
            ELSE own.position > last.position END                                            --? to_step
 ORDER BY u.position DESC LIMIT :limit
