/* A parent that waits for its child gives back its slot, and takes one again before it goes on.
 * Two parents with one child each, LIMIT slots, a crash of each parent at any moment, and other jobs without end.
 */
#include "moves.pml"

#if !defined(LIMIT)
#define LIMIT 2
#endif
#define PARENTS 2
#define CHILD(p) (p + PARENTS)

mtype state[2 * PARENTS];    /* parents, then their children; 0 until submitted */
bool waiting[PARENTS];
bool dead[PARENTS];          /* its worker is gone; the sweep has not seen it yet */
bool crashed[PARENTS];       /* one crash each */
byte used;                   /* the counter of the limit */
byte others;                 /* slots that other jobs have */

/* Does a parent that waits still count? */
#if defined(MUTANT_SLOT_KEPT)
#define COUNTED(p) EXECUTING(state[p])
#else
#define COUNTED(p) (EXECUTING(state[p]) && !waiting[p])
#endif
#define ALL_COUNTED (COUNTED(0) + COUNTED(1) + EXECUTING(state[2]) + EXECUTING(state[3]) + others)
#define DONE(j) (state[j] != 0 && !OPEN(state[j]))
#define READY(p) (waiting[p] && DONE(CHILD(p)))

#if defined(MUTANT_WAKE_WITHOUT_ASKING) || defined(MUTANT_SLOT_KEPT)
#define MAY_WAKE true
#else
#define MAY_WAKE (used < LIMIT)
#endif

/* Those who wake go before new claims. */
#if defined(MUTANT_CLAIMS_FIRST)
#define MAY_CLAIM (used < LIMIT)
#else
#define MAY_CLAIM (used < LIMIT && !READY(0) && !READY(1))
#endif

inline rules() {
  assert(used <= LIMIT);
  assert(used == ALL_COUNTED)
}

inline does(j, asked, actor) {
  look_up(state[j], asked, actor);
  assert(target != nothing);
  printf("%e of job %d: %e -> %e\n", asked, j, state[j], target);
  state[j] = target
}

proctype a_parent(byte p) {
  do
  :: d_step { state[p] == pending && MAY_CLAIM -> does(p, claim, by_claimer); used++; rules() }

  /* spawn (once: by its key) and gather */
  :: d_step { state[p] == running && !waiting[p] && !dead[p] && !DONE(CHILD(p)) ->
       printf("job %d waits\n", p);
       if :: state[CHILD(p)] == 0 -> state[CHILD(p)] = pending :: else fi;
       waiting[p] = true;
       used = used - 1 + COUNTED(p);
       rules() }
  :: d_step { READY(p) && !dead[p] && MAY_WAKE -> printf("job %d wakes\n", p); used = used + 1 - COUNTED(p); waiting[p] = false; rules() }
  :: d_step { state[p] == running && !waiting[p] && !dead[p] && DONE(CHILD(p)) ->
       does(p, finish, by_runner); used--; rules() }
  :: state[p] == completed -> break

  :: d_step { state[p] == running && !crashed[p] -> crashed[p] = true; dead[p] = true }
  :: d_step { dead[p] ->  /* the lease is out, the sweep takes it */
#if defined(MUTANT_GIVEN_BACK_TWICE)
       used--;
#else
       used = used - COUNTED(p);
#endif
       does(p, lose, by_sweep);
       waiting[p] = false;
       dead[p] = false;
       does(p, resume, by_sweep);
       rules() }
  od
}

proctype a_child(byte c) {
  if
  :: true ->  /* nobody cancels it */
     d_step { state[c] == pending && MAY_CLAIM -> does(c, claim, by_claimer); used++; rules() };
     d_step { does(c, finish, by_runner); used--; rules() }
  :: d_step { state[c] == pending -> does(c, cancel, by_user) }  /* it ends without having had a slot */
  fi
}

#if defined(LIVENESS)
/* Other jobs come without end; who is ready to go on does so all the same. */
proctype a_crowd() {
end:
  do
  :: d_step { MAY_CLAIM -> used++; others++; rules() }
  :: d_step { others > 0 -> used--; others--; rules() }
  od
}

ltl wakes { [] (READY(0) -> <> !READY(0)) }
#endif

init {
  atomic {
    state[0] = pending;
    state[1] = pending;
    run a_parent(0); run a_parent(1); run a_child(CHILD(0)); run a_child(CHILD(1));
#if defined(LIVENESS)
    run a_crowd()
#endif
  }
}
