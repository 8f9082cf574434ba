-- What is stored of reports that were not taken: a repeat is known by its attempt and serial.
SELECT jobs.id, jobs.attempt, jobs.serial, jobs.state, jobs.version FROM jobs
 WHERE jobs.tenant = :tenant AND {in jobs.id :ids}
