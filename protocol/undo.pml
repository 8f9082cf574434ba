/* The rollback of one job that has recorded two undos: rollback jobs (the second is the successor of a cancelled one),
 * three runners that may be lost at any moment and write late, a sweep, and a user who asks for anything at any time.
 * An undo has an effect of its own; that it is undone is stored in the transaction of its step's end.
 */
#include "moves.pml"

#define N 2

mtype original = completed;
mtype job[2] = 0;    /* the rollback jobs; 0 until submitted */
byte attempt[2];
byte newest;         /* which of them is the last one */

bool gone[N + 1];    /* the effect of an undo is there */
bool done[N + 1];    /* it is recorded as undone */
byte told[N + 1];    /* how often the end of its step is in the history */

#define OPEN_JOBS ((job[0] != 0 && OPEN(job[0])) + (job[1] != 0 && OPEN(job[1])))
#define MAY_WRITE(j, mine) (attempt[j] == mine && EXECUTING(job[j]))

/* The rules, true after every transaction. */
inline keeps() {
  assert(OPEN_JOBS == (original == rolling_back));  /* one rollback job at a time, and nobody rolls back for ever */
  assert(original != rolled_back || (done[1] && done[2]));
  assert(!done[1] || done[2]);                            /* what is undone is a suffix */
  assert((!done[1] || gone[1]) && (!done[2] || gone[2]));  /* nothing is said that is not so */
  assert(told[1] <= 1 && told[2] <= 1)                    /* each is recorded once */
}

/* A move of a rollback job, and in the same transaction that of the original where it ends. */
inline moves_job(j, asked, actor) {
  look_up(job[j], asked, actor);
  if
  :: target != nothing ->
     printf("%e of rollback job %d: %e -> %e\n", asked, j, job[j], target);
     job[j] = target;
     if
     :: target == completed -> look_up(original, finish, by_rollback); original = target
     :: target == failed || target == cancelled -> look_up(original, fail, by_rollback); original = target
     :: else
     fi
  :: else
  fi;
  keeps()
}

inline reads_plan() {
  n = (!done[2] -> 2 : (!done[1] -> 1 : 0))
}

inline records(n) {
  if
#if defined(MUTANT_NO_FENCE)
  :: true ->
#else
  :: MAY_WRITE(j, mine) ->
#endif
     printf("undo %d is recorded as done\n", n);
     done[n] = true; told[n]++;
     keeps()
  :: else -> lost = true
  fi
}

inline ends_with(asked) {
  d_step { if :: MAY_WRITE(j, mine) -> moves_job(j, asked, by_runner) :: else fi }
}

proctype a_runner() {
  byte j, mine, n;
  bool lost;
end:
  d_step { (job[0] == pending || job[1] == pending) ->
    if :: job[0] == pending -> j = 0 :: else -> j = 1 fi;
    moves_job(j, claim, by_claimer);
    attempt[j]++; mine = attempt[j] }
  do
  :: lost -> break
  :: d_step { !lost -> reads_plan() }
     if
     :: n == 0 -> ends_with(finish); break
     :: n > 0 -> ends_with(fail); break                         /* the undo raises */
     :: job[j] == pausing || job[j] == cancelling -> ends_with(halt); break
     :: n > 0 ->
#if defined(MUTANT_RECORDED_FIRST)
        d_step { records(n) }
        d_step { gone[n] = true }
#elif defined(MUTANT_STEP_ALONE)
        d_step { gone[n] = true }
        d_step { if :: MAY_WRITE(j, mine) -> told[n]++; keeps() :: else -> lost = true fi }
        d_step { if :: MAY_WRITE(j, mine) -> done[n] = true; keeps() :: else -> lost = true fi }
#else
        d_step { gone[n] = true }  /* also a runner that is lost already does this: no fence reaches outside */
        d_step { records(n) }
#endif
     fi
  od
}

proctype a_sweep() {
end:
  do
  :: d_step { EXECUTING(job[newest]) -> moves_job(newest, lose, by_sweep) }
  :: d_step { job[newest] == interrupted -> moves_job(newest, resume, by_sweep) }
  od
}

inline rolls_back() {
  look_up(original, rollback, by_user);
  if
  :: target != nothing ->
     printf("rollback: %e -> %e\n", original, target);
     if
     :: job[newest] == failed -> original = target; job[newest] = pending   /* the same job is taken up again */
     :: job[newest] == 0 -> original = target; job[newest] = pending
     :: job[newest] == cancelled && newest == 0 -> original = target; newest = 1; job[1] = pending
     :: else                                                                /* there is no third one in this model */
     fi
  :: else
  fi;
  keeps()
}

proctype a_user() {
end:
  do
  :: d_step { rolls_back() }
  :: d_step { job[newest] != 0 -> moves_job(newest, pause, by_user) }
  :: d_step { job[newest] != 0 -> moves_job(newest, resume, by_user) }
  :: d_step { job[newest] != 0 -> moves_job(newest, cancel, by_user) }
#if defined(MUTANT_JOB_RETRIED)
  :: d_step { job[newest] == failed -> moves_job(newest, retry, by_user) }
#endif
  od
}

init {
  atomic { run a_runner(); run a_runner(); run a_runner(); run a_sweep(); run a_user() }
}
