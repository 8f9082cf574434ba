/* Written by protocol/table.py from src/headway/model/moves.py; change it there. */

mtype = { pending, running, pausing, paused, interrupted, cancelling, rolling_back, completed, failed, cancelled, rolled_back, rollback_failed }
mtype = { claim, pause, cancel, fail, finish, back_off, halt, leave, lose, expire, resume, retry, rollback }
mtype = { by_claimer, by_user, by_runner, by_sweep, by_rollback }

#define nothing 0  /* the target where no row permits the move */
#define OPEN(s) ((s) == pending || (s) == running || (s) == pausing || (s) == paused || (s) == interrupted || (s) == cancelling || (s) == rolling_back)
#define EXECUTING(s) ((s) == running || (s) == pausing || (s) == cancelling)

/* Set and read within one step, hence no part of the state (breadth first can not hide). */
#if defined(SHORTEST)
#define scratch
#else
#define scratch hidden
#endif

scratch mtype target;

inline look_up(source, asked, actor) {
  if
  :: source == pending && asked == claim && actor == by_claimer -> target = running
  :: source == pending && asked == pause && actor == by_user -> target = paused
  :: source == pending && asked == cancel && actor == by_user -> target = cancelled
  :: source == pending && asked == fail && actor == by_claimer -> target = failed
  :: source == running && asked == finish && actor == by_runner -> target = completed
  :: source == running && asked == fail && actor == by_runner -> target = failed
  :: source == running && asked == back_off && actor == by_runner -> target = pending
  :: source == running && asked == halt && actor == by_runner -> target = pending
  :: source == running && asked == leave && actor == by_runner -> target = interrupted
  :: source == running && asked == lose && actor == by_sweep -> target = interrupted
  :: source == running && asked == pause && actor == by_user -> target = pausing
  :: source == running && asked == cancel && actor == by_user -> target = cancelling
  :: source == running && asked == expire && actor == by_sweep -> target = failed
  :: source == pausing && asked == cancel && actor == by_user -> target = cancelling
  :: source == pausing && asked == expire && actor == by_sweep -> target = failed
  :: source == pausing && asked == halt && actor == by_runner -> target = paused
  :: source == pausing && asked == lose && actor == by_sweep -> target = paused
  :: source == pausing && asked == resume && actor == by_user -> target = running
  :: source == pausing && asked == finish && actor == by_runner -> target = completed
  :: source == pausing && asked == fail && actor == by_runner -> target = failed
  :: source == pausing && asked == back_off && actor == by_runner -> target = paused
  :: source == cancelling && asked == halt && actor == by_runner -> target = cancelled
  :: source == cancelling && asked == finish && actor == by_runner -> target = cancelled
  :: source == cancelling && asked == fail && actor == by_runner -> target = cancelled
  :: source == cancelling && asked == back_off && actor == by_runner -> target = cancelled
  :: source == cancelling && asked == lose && actor == by_sweep -> target = cancelled
  :: source == cancelling && asked == expire && actor == by_sweep -> target = cancelled
  :: source == paused && asked == resume && actor == by_user -> target = pending
  :: source == paused && asked == cancel && actor == by_user -> target = cancelled
  :: source == interrupted && asked == resume && actor == by_user -> target = pending
  :: source == interrupted && asked == resume && actor == by_sweep -> target = pending
  :: source == interrupted && asked == pause && actor == by_user -> target = paused
  :: source == interrupted && asked == cancel && actor == by_user -> target = cancelled
  :: source == interrupted && asked == fail && actor == by_sweep -> target = failed
  :: source == failed && asked == retry && actor == by_user -> target = pending
  :: source == completed && asked == rollback && actor == by_user -> target = rolling_back
  :: source == failed && asked == rollback && actor == by_user -> target = rolling_back
  :: source == cancelled && asked == rollback && actor == by_user -> target = rolling_back
  :: source == rolling_back && asked == finish && actor == by_rollback -> target = rolled_back
  :: source == rolling_back && asked == fail && actor == by_rollback -> target = rollback_failed
  :: source == rollback_failed && asked == rollback && actor == by_user -> target = rolling_back
  :: else -> target = nothing
  fi
}
