-- Take the changes out, to put their sums back in the same transaction.
DELETE FROM tallies RETURNING tenant, session, state, change
