-- The worker's own clock is compared with the server's at this moment: either may have been set since they met.
UPDATE workers SET seen_at = :now
     , clock_skew_s = :wall::double precision - extract(epoch FROM clock_timestamp())::double precision --? wall
 WHERE id = :id
