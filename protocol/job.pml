/* One job: its row, its attempts (each on a worker of its own: any delay, crash, stuck code, lost answers),
 * leases, the sweep, a user who asks for anything at any time, and the rollback job.
 * Each d_step is one transaction of the store, or one step of a runner's own. README.md says what is left out.
 */
#include "moves.pml"

/* The rules, by name. With -DONLY=<rule> a run looks at that one alone: so the tests show that each can fail. */
#define fenced 1            /* no write, heartbeat or move of an ended attempt is accepted */
#define one_writer 2        /* never two attempts that can write */
#define nobody_writes 3     /* nobody can write to a job that is not executing: paused, rolling_back, ended */
#define once 4              /* no write is applied twice */
#define not_told_lost 5     /* a lost answer never turns success into "lease lost" */
#define claim_known 6       /* who is told "nothing claimed" holds no claim */
#define has_row 7           /* the last move of a live attempt, and what the sweep and the rollback job do, have a row */
#define one_runner 8        /* never a second runner, unless the sweep has ended the first */
#define paused_is_paused 9  /* in paused no code runs, unless the sweep has ended it: then it is marked unconfirmed */
#define slot_returned 10    /* executing jobs hold a slot, all others hold none */
#define cancel_holds 11     /* an acknowledged cancel never ends completed */
#define renewed_stays 12    /* who has renewed its lease is not lost */
#define one_rollback 13     /* never two rollbacks of one job at once */
#define comes_to_rest 14    /* when nobody acts and nothing breaks, the job comes to rest */

#if defined(ONLY)
#define HOLDS(rule, condition) assert(ONLY != rule || (condition))
#else
#define HOLDS(rule, condition) assert(condition)
#endif

#define ATTEMPTS 3
#define LOSSES 2  /* the sweep resumes a job that was lost fewer times than this without new durable progress */

/* What a runner is doing. `unanswered`: it has claimed and does not know it. `stuck`: its code runs, never checks and
 * never ends, while its heartbeats go on. `stopped`: its code has ended, its last move is on the way. */
mtype = { idle, unanswered, working, stuck, stopped, gone }

/* The job's row. */
mtype state = pending;
byte attempt;
bool lease;   /* lease_until is in the future */
bool slot;    /* it is counted as executing */
byte losses;
bool ahead;   /* the serial stored is one more than the runner knows to be answered: its last write was applied */
bool closed[ATTEMPTS + 1];  /* in the history: this attempt's own last move */

/* What is fixed at the submit. */
bool recovers;  /* the type resumes by itself */
bool deadline;

/* The runners: one for each attempt. */
mtype phase[ATTEMPTS + 1] = idle;
mtype last[ATTEMPTS + 1];  /* the move by which a stopped one ends its attempt */

/* The rollback job. A second one exists in a mutant only. */
mtype = { queued, undoing, over }
mtype undo[2] = idle;

/* What only the rules look at. */
byte ended;                      /* the highest attempt that has ended */
bool unconfirmed[ATTEMPTS + 1];  /* the sweep ended it; its code may still run */
bool cancel_acknowledged;

bool quiet;  /* from here on no user acts and nothing breaks: what is left is what the system does by itself */

#define RUNS(n) (phase[n] == working || phase[n] == stuck)
#define REPORTS(n) (RUNS(n) || phase[n] == stopped)
#define ALIVE(n) (REPORTS(n) || phase[n] == unanswered)
#define STARTED_BEFORE(n) ((n > 1 && RUNS(1) && !unconfirmed[1]) || (n > 2 && RUNS(2) && !unconfirmed[2]))

/* Heartbeats: for an attempt whose own thread lives and whose last move is not answered. */
#if defined(MUTANT_BEATS_WITHOUT_THREAD)
#define RENEWS(n) (REPORTS(n) || phase[n] == gone)
#else
#define RENEWS(n) REPORTS(n)
#endif

/* The test in every statement of a runner, on the row that it changes. */
#if defined(MUTANT_NO_FENCE)
#define FENCE(n) EXECUTING(state)
#elif defined(MUTANT_NO_STATE_TEST)
#define FENCE(n) (attempt == n)
#else
#define FENCE(n) (attempt == n && EXECUTING(state))
#endif

/* What the store can tell of an entry that was sent before: that it is done. */
#if defined(MUTANT_NO_SERIAL)
#define WRITTEN(n) false
#define CLOSED(n) false
#elif defined(MUTANT_SERIAL_OF_LAST_ATTEMPT)
#define WRITTEN(n) (attempt == n && ahead)
#define CLOSED(n) (attempt == n && closed[n])
#else
#define WRITTEN(n) (attempt == n && ahead)
#define CLOSED(n) closed[n]
#endif

#define CAN_WRITE(n) (ALIVE(n) && FENCE(n))
#define WRITERS (CAN_WRITE(1) + CAN_WRITE(2) + CAN_WRITE(3))

/* Where a job may stay without anybody's doing: an ended state, or one that waits for a person. Code that is stuck
 * without a deadline is shown as stalled and left to the user. The last line is the bound of this model. */
#define RESTS (state == paused || (state == interrupted && !recovers) \
  || (!OPEN(state)) \
  || ((state == running || state == pausing) && phase[attempt] == stuck && !deadline) \
  || (state == pending && attempt == ATTEMPTS))

inline rules() {
  HOLDS(one_writer, WRITERS <= 1);
  HOLDS(nobody_writes, EXECUTING(state) || WRITERS == 0);
  HOLDS(paused_is_paused, !(state == paused && RUNS(attempt) && !unconfirmed[attempt]));
  HOLDS(slot_returned, slot == EXECUTING(state));
  HOLDS(cancel_holds, !(cancel_acknowledged && state == completed))
}

inline row(asked, actor) {
  look_up(state, asked, actor);
#if defined(MUTANT_NO_HALT_ROW)
  if :: state == running && asked == halt -> target = nothing :: else fi;
#elif defined(MUTANT_FINISH_AFTER_CANCEL)
  if :: state == cancelling && asked == finish -> target = completed :: else fi;
#elif defined(MUTANT_RESUME_STARTS_SECOND)
  if :: state == pausing && asked == resume -> target = pending :: else fi;
#elif defined(MUTANT_USER_AS_RUNNER)
  if :: state == running && asked == retry -> target = pending :: else fi;
#endif
}

/* The one function that moves a job, with everything that happens in its transaction. */
inline move_to(asked, actor, to) {
  printf("%e %e: %e -> %e (attempt %d)\n", asked, actor, state, to, attempt);
  if
  :: EXECUTING(state) && !EXECUTING(to) ->
     ended = attempt;
     lease = false;
#if !defined(MUTANT_WORKER_GIVES_BACK)
     slot = false;
#endif
     unconfirmed[attempt] = (actor == by_sweep && ALIVE(attempt))
  :: else
  fi;
  state = to;
  rules()
}

inline does(asked, actor) {
  row(asked, actor);
  HOLDS(has_row, target != nothing);
  move_to(asked, actor, target)
}

inline leave_thread(n) {
  phase[n] = gone;
  last[n] = 0;
  unconfirmed[n] = false
}

/* ---- a runner ---- */

mtype = { done, lost, other }
scratch mtype answer;

inline write(n) {
  if
  :: WRITTEN(n) -> answer = done
  :: !WRITTEN(n) && FENCE(n) ->
     printf("write of attempt %d in %e\n", n, state);
     HOLDS(fenced, n > ended);
     HOLDS(once, !(attempt == n && ahead));
     answer = done
  :: else -> answer = lost
  fi
}

inline end_attempt(n) {
  if
  :: CLOSED(n) -> answer = done
  :: !CLOSED(n) && !FENCE(n) ->
     printf("%e of attempt %d refused in %e\n", last[n], n, state);
     HOLDS(not_told_lost, !closed[n]);
     answer = lost
  :: else ->
     row(last[n], by_runner);
     if
#if !defined(MUTANT_LEAVE_REFUSED)
     :: target == nothing && last[n] == leave ->  /* a request came first: it stops as that asks for */
        last[n] = halt;
        answer = other
#endif
     :: else ->
        HOLDS(has_row, target != nothing);
        HOLDS(fenced, n > ended);
        closed[n] = true;
        move_to(last[n], by_runner, target);
        answer = done
     fi
  fi
}

inline take(n, next) {
  HOLDS(one_runner, !STARTED_BEFORE(n));
  attempt = n;
  lease = true;
  slot = true;
  ahead = false;
  phase[n] = next;
  does(claim, by_claimer)
}

proctype a_runner(byte n) {
end:
  do
  :: d_step { phase[n] == idle && state == pending && attempt + 1 == n ->
       take(n, working) }
  :: d_step { phase[n] == idle && state == pending && attempt + 1 == n && !quiet ->
       take(n, unanswered) }
  :: d_step { phase[n] == idle && state == pending && attempt == 0 && n == 1 ->  /* its input does not fit */
       does(fail, by_claimer) }

  /* The claim is repeated, and found by its token. */
  :: d_step { phase[n] == unanswered ->
       if
#if !defined(MUTANT_NO_CLAIM_TOKEN)
       :: FENCE(n) -> phase[n] = working
#endif
       :: else ->
          HOLDS(claim_known, !FENCE(n));
          leave_thread(n)
       fi }

  /* Steps, checkpoints, log lines: answered, or applied with the answer lost. The first two count as durable progress. */
  :: d_step { REPORTS(n) && (attempt == n && ahead) ->  /* a repeat */
       write(n);
       if :: answer == lost -> leave_thread(n) :: else -> ahead = false fi }
  :: d_step { phase[n] == working && !(attempt == n && ahead) && !quiet ->
       write(n);
       if :: answer == lost -> leave_thread(n) :: else -> losses = 0 fi }
  :: d_step { phase[n] == working && !(attempt == n && ahead) && !quiet ->
       write(n);
       if :: answer == lost -> leave_thread(n) :: else -> ahead = (attempt == n) fi }
#if defined(MUTANT_CHECK_BEFORE_WRITE)
  :: phase[n] == working && FENCE(n) ->  /* the fence is read in a statement of its own */
     d_step { if :: phase[n] == working -> printf("write of attempt %d in %e\n", n, state); HOLDS(fenced, n > ended) :: else fi }
#endif

  /* The heartbeat renews the lease; its answer, or a check of the context, brings requests and the loss of the lease. */
  :: d_step { RENEWS(n) && FENCE(n) && !lease -> HOLDS(fenced, n > ended); lease = true }
  :: d_step { phase[n] == working && attempt == n && (state == pausing || state == cancelling) ->
       phase[n] = stopped; last[n] = halt }
  :: d_step { phase[n] == working && !FENCE(n) -> leave_thread(n) }

  /* Its code ends, or its worker shuts down. */
  :: d_step { phase[n] == working -> phase[n] = stopped; last[n] = finish }
  :: d_step { phase[n] == working -> phase[n] = stopped; last[n] = fail }
  :: d_step { phase[n] == working -> phase[n] = stopped; last[n] = back_off }
  :: d_step { phase[n] == working -> phase[n] = stopped; if :: recovers -> last[n] = halt :: else -> last[n] = leave fi }

  /* The last move, after all that was queued: answered, or applied with the answer lost. */
  :: d_step { phase[n] == stopped && !(attempt == n && ahead) ->
       end_attempt(n);
       if
       :: answer == other
       :: else ->
#if defined(MUTANT_WORKER_GIVES_BACK)
          slot = false;
#endif
          leave_thread(n)
       fi }
  :: d_step { phase[n] == stopped && !(attempt == n && ahead) && !closed[n] && !quiet -> end_attempt(n) }

  /* What breaks. */
  :: d_step { phase[n] == working && !quiet -> phase[n] = stuck }
  :: d_step { phase[n] == stuck && !quiet -> phase[n] = working }
  :: d_step { ALIVE(n) && !quiet -> printf("crash of attempt %d\n", n); leave_thread(n) }
  od
}

/* ---- time and the sweep ---- */

#if defined(MUTANT_SWEEP_READS_BEFORE)
bool seen_out;
#define LEASE_OUT seen_out
#else
#define LEASE_OUT (!lease)
#endif

proctype a_sweep() {
end:
  do
  :: d_step { lease && (!quiet || (phase[attempt] == gone && !RENEWS(attempt))) -> printf("lease out\n"); lease = false }
#if defined(MUTANT_SWEEP_READS_BEFORE)
  :: d_step { EXECUTING(state) && !lease && !seen_out -> seen_out = true }  /* in a statement of its own */
#endif
  :: d_step { EXECUTING(state) && LEASE_OUT ->
       HOLDS(renewed_stays, !lease);
       if :: state == running && losses < LOSSES -> losses++ :: else fi;
       does(lose, by_sweep) }
  :: d_step { deadline && (state == running || state == pausing) ->
       does(expire, by_sweep) }
#if !defined(MUTANT_NO_CANCEL_EXPIRE)
  :: d_step { state == cancelling -> does(expire, by_sweep) }  /* grace is over */
#endif
  :: d_step { state == interrupted && recovers && losses < LOSSES ->
       does(resume, by_sweep) }
  :: d_step { state == interrupted && recovers && losses == LOSSES ->
       does(fail, by_sweep) }
  od
}

/* ---- the user ---- */

inline asks(verb) {
  row(verb, by_user);
  if
  :: target != nothing -> move_to(verb, by_user, target)
  :: else
  fi
}

proctype a_user() {
end:
  do
  :: d_step { !quiet -> asks(pause) }
  :: d_step { !quiet ->
       asks(cancel);
       if :: target != nothing -> cancel_acknowledged = true; rules() :: else fi }
  :: d_step { !quiet -> asks(resume); if :: target != nothing -> losses = 0 :: else fi }
  :: d_step { !quiet -> asks(retry); if :: target != nothing -> losses = 0 :: else fi }
  :: d_step { !quiet ->
       asks(rollback);
       if
       :: target == nothing
#if defined(MUTANT_ROLLBACK_TWICE)
       :: target != nothing && undo[0] != idle -> undo[1] = queued  /* no unique key: a new one each time */
       :: target != nothing && undo[0] == idle -> undo[0] = queued
#else
       :: target != nothing -> undo[0] = queued  /* the one rollback job, new or taken up again */
#endif
       fi }
#if defined(MUTANT_ROLLBACK_TWICE) || defined(MUTANT_ROLLBACK_RETRIED)
  :: d_step { !quiet && undo[0] == over -> printf("retry of the rollback job\n"); undo[0] = queued }
#endif
  od
}

/* ---- the rollback job: a job of its own, whose end is a move of the original ---- */

inline undo_ends(i, asked) {
  does(asked, by_rollback);  /* finds the original rolling back */
  undo[i] = over
}

proctype a_rollback(byte i) {
end:
  do
  :: d_step { undo[i] == queued ->
       printf("rollback job %d starts\n", i);
       HOLDS(one_rollback, undo[1 - i] != undoing);
       undo[i] = undoing }
  :: d_step { undo[i] == undoing -> undo_ends(i, finish) }
  :: d_step { undo[i] == undoing -> undo_ends(i, fail) }
  :: d_step { undo[i] == undoing && !quiet -> undo[i] = queued }  /* lost, and resumed by the sweep */
  :: d_step { (undo[i] == queued || undo[i] == undoing) && !quiet ->  /* cancelled: counts as fail */
#if defined(MUTANT_ROLLBACK_CANCELLED_ALONE)
       printf("cancel of the rollback job\n"); undo[i] = over
#else
       undo_ends(i, fail)
#endif
     }
  od
}

/* ---- everything together ---- */

proctype a_watch() {
  quiet = true;
  timeout;        /* nothing more can happen */
  HOLDS(comes_to_rest, RESTS)
}

#if defined(LIVENESS)
ltl rests { [] (quiet -> <> RESTS) }
#endif

init {
  atomic {
    if :: recovers = true :: recovers = false fi;
    if :: deadline = true :: deadline = false fi;
    run a_runner(1); run a_runner(2); run a_runner(3);
    run a_sweep(); run a_user(); run a_rollback(0);
#if defined(MUTANT_ROLLBACK_TWICE)
    run a_rollback(1);
#endif
    run a_watch()
  }
}
