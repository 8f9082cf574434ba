SELECT count(*) FROM tallies
