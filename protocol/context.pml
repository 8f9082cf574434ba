/* One open job for an exclusive context. Two jobs of the same context; every move of the table may be asked for at any
 * time, by whoever has a row for it.
 */
#include "moves.pml"

mtype state[2];  /* 0 until submitted */

/* The states that the unique key of the database covers. */
#if defined(MUTANT_KEY_OVER_ACTIVE)
#define KEYED(s) ((s) == pending || (s) == running || (s) == pausing || (s) == paused || (s) == cancelling)
#else
#define KEYED(s) OPEN(s)
#endif

/* The jobs that may be at work on what the context stands for. */
#define WORKS(s) (EXECUTING(s) || (s) == rolling_back)

inline becomes(j, asked, to) {
  if
#if defined(MUTANT_KEY_AT_SUBMIT_ONLY)
  :: state[j] == 0 && KEYED(to) && KEYED(state[1 - j]) -> skip
#elif defined(MUTANT_ROLLBACK_CARRIES_KEY)
  :: KEYED(to) && (KEYED(state[1 - j]) || to == rolling_back) ->  /* its rollback job is open beside it */
#else
  :: KEYED(to) && KEYED(state[1 - j]) ->  /* refused: context_busy */
#endif
     printf("%e of job %d in %e refused\n", asked, j, state[j]);
     assert(!OPEN(state[j]));       /* who is open already is never refused, so a sweep is not */
     assert(OPEN(state[1 - j]))     /* the answer can name the other */
  :: else ->
     printf("%e of job %d: %e -> %e\n", asked, j, state[j], to);
     state[j] = to;
     assert(!(WORKS(state[0]) && WORKS(state[1])))
  fi
}

inline asks(j, asked, actor) {
  look_up(state[j], asked, actor);
  if
  :: target != nothing -> becomes(j, asked, target)
  :: else
  fi
}

proctype a_job(byte j) {
end:
  do
  :: d_step { state[j] == 0 -> becomes(j, 0, pending) }
  :: d_step { state[j] != 0 -> asks(j, claim, by_claimer) }
  :: d_step { state[j] != 0 -> asks(j, fail, by_claimer) }
  :: d_step { state[j] != 0 -> asks(j, finish, by_runner) }
  :: d_step { state[j] != 0 -> asks(j, fail, by_runner) }
  :: d_step { state[j] != 0 -> asks(j, back_off, by_runner) }
  :: d_step { state[j] != 0 -> asks(j, halt, by_runner) }
  :: d_step { state[j] != 0 -> asks(j, leave, by_runner) }
  :: d_step { state[j] != 0 -> asks(j, lose, by_sweep) }
  :: d_step { state[j] != 0 -> asks(j, expire, by_sweep) }
  :: d_step { state[j] != 0 -> asks(j, resume, by_sweep) }
  :: d_step { state[j] != 0 -> asks(j, fail, by_sweep) }
  :: d_step { state[j] != 0 -> asks(j, pause, by_user) }
  :: d_step { state[j] != 0 -> asks(j, cancel, by_user) }
  :: d_step { state[j] != 0 -> asks(j, resume, by_user) }
  :: d_step { state[j] != 0 -> asks(j, retry, by_user) }
  :: d_step { state[j] != 0 -> asks(j, rollback, by_user) }
  :: d_step { state[j] != 0 -> asks(j, finish, by_rollback) }
  :: d_step { state[j] != 0 -> asks(j, fail, by_rollback) }
  od
}

init {
  atomic { run a_job(0); run a_job(1) }
}
