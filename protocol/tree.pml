/* A verb for the whole tree against spawns: the root is locked and marked first, each level is read after the one above
 * is locked. Job 0 may spawn 1 and 3, job 1 may spawn 2. The verb is one transaction: its marks are seen at its commit,
 * its locks are held until then.
 */
#include "moves.pml"

#define JOBS 4
#define PARENT(j) (j == 2 -> 1 : 0)

mtype state[JOBS];    /* 0 until spawned */
bool locked[JOBS];
mtype verb;           /* cancel or pause */
bool acknowledged;
bool listed[JOBS];    /* what the verb has read; of no use after its end */

#define UNTOUCHED(j) (state[j] == pending || state[j] == running)

inline rules() {
  assert(!acknowledged || !(UNTOUCHED(0) || UNTOUCHED(1) || UNTOUCHED(2) || UNTOUCHED(3)))
}

inline does(j, asked, actor) {
  look_up(state[j], asked, actor);
  assert(target != nothing);
  printf("%e of job %d: %e -> %e\n", asked, j, state[j], target);
  state[j] = target;
  assert(!(acknowledged && verb == cancel && target == completed));
  rules()
}

#if defined(MUTANT_SPAWN_UNFENCED)
#define MAY_SPAWN(j) (EXECUTING(state[j]))
#else
#define MAY_SPAWN(j) (state[j] == running && !locked[j])
#endif

inline spawns(j, c) {
  printf("job %d spawns %d\n", j, c);
  state[c] = pending;
  rules()
}

proctype a_job(byte j) {
end:
  do
  :: d_step { state[j] == pending && !locked[j] -> does(j, claim, by_claimer) }
  :: d_step { j == 0 && MAY_SPAWN(0) && state[1] == 0 -> spawns(0, 1) }
  :: d_step { j == 0 && MAY_SPAWN(0) && state[3] == 0 -> spawns(0, 3) }
  :: d_step { j == 1 && MAY_SPAWN(1) && state[2] == 0 -> spawns(1, 2) }
#if defined(MUTANT_CHILD_WRITES_PARENT)
  :: atomic { EXECUTING(state[j]) && j > 0 && !locked[j] -> locked[j] = true; printf("job %d locks itself\n", j) };
     atomic { !locked[PARENT(j)] -> does(j, finish, by_runner); locked[j] = false }
#else
  :: d_step { EXECUTING(state[j]) && !locked[j] -> does(j, finish, by_runner) }
#endif
  od
}

/* ---- the verb ---- */

inline lock(j) {
  atomic { !locked[j] -> locked[j] = true; listed[j] = true; printf("the verb locks job %d\n", j) }
}

inline lock_listed(j) {
  if
  :: listed[j] -> lock(j)
  :: else
  fi
}

inline read_level(a, b, c) {  /* the jobs of one level that are there now */
  d_step {
    listed[a] = (state[a] != 0);
    listed[b] = (state[b] != 0);
    listed[c] = (state[c] != 0)
  }
}

inline apply_to(j) {
  look_up(state[j], verb, by_user);
  if
  :: listed[j] && target != nothing -> state[j] = target; printf("%e of job %d -> %e\n", verb, j, target)
  :: else
  fi
}

inline release(j) {
  if
  :: listed[j] -> locked[j] = false; listed[j] = false
  :: else
  fi
}

proctype a_verb() {
#if defined(MUTANT_LIST_FIRST)
  read_level(1, 2, 3);
  lock(0);
  lock_listed(1); lock_listed(3); lock_listed(2);
#elif defined(MUTANT_LEAF_FIRST)
  read_level(2, 2, 2);
  lock_listed(2);
  read_level(1, 3, 3);
  lock_listed(1); lock_listed(3);
  lock(0);
#else
  lock(0);
  read_level(1, 3, 3);
  lock_listed(1); lock_listed(3);
  read_level(2, 2, 2);
  lock_listed(2);
#endif
  d_step {  /* COMMIT */
    if
    :: EXECUTING(state[0]) || state[0] == pending ->
       apply_to(0); apply_to(1); apply_to(2); apply_to(3);
       acknowledged = true
    :: else  /* the root has ended: refused */
    fi;
    release(0); release(1); release(2); release(3);
    rules()
  }
}

init {
  atomic {
    if :: verb = cancel :: verb = pause fi;
    state[0] = pending;
    run a_job(0); run a_job(1); run a_job(2); run a_job(3);
    run a_verb()
  }
}
