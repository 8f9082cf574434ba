-- Worker and database are on one machine, and have one clock.
UPDATE workers SET seen_at = :now
     , clock_skew_s = :wall - :now --? wall
 WHERE id = :id
