"""Writes `moves.pml` from the table of moves, so that the models and the code read the same rows.

Run `python -m protocol.table` after a change of `headway.model.moves`; a test fails while the two differ.
"""

from __future__ import annotations

from pathlib import Path

from headway.model.moves import EXECUTING, MOVES, OPEN, STATES

FILE = Path(__file__).with_name("moves.pml")


def render() -> str:
    """The table as Promela: the names, the classes of states, and `look_up`, which answers from the rows.

    Moves that begin a job (`source` is None) are left out: every model starts after the submit.
    """
    rows = [row for row in MOVES if row.source is not None]
    verbs = dict.fromkeys(row.move for row in rows)
    actors = dict.fromkeys(f"by_{row.by}" for row in rows)
    options = [
        f"  :: source == {row.source} && asked == {row.move} && actor == by_{row.by} -> target = {row.target}"
        for row in rows
    ]
    return "\n".join(
        [
            "/* Written by protocol/table.py from src/headway/model/moves.py; change it there. */",
            "",
            f"mtype = {{ {', '.join(STATES)} }}",
            f"mtype = {{ {', '.join(verbs)} }}",
            f"mtype = {{ {', '.join(actors)} }}",
            "",
            "#define nothing 0  /* the target where no row permits the move */",
            f"#define OPEN(s) {_any_of(OPEN)}",
            f"#define EXECUTING(s) {_any_of(EXECUTING)}",
            "",
            "/* Set and read within one step, hence no part of the state (breadth first can not hide). */",
            "#if defined(SHORTEST)",
            "#define scratch",
            "#else",
            "#define scratch hidden",
            "#endif",
            "",
            "scratch mtype target;",
            "",
            "inline look_up(source, asked, actor) {",
            "  if",
            *options,
            "  :: else -> target = nothing",
            "  fi",
            "}",
            "",
        ]
    )


def _any_of(states: tuple[str, ...]) -> str:
    return "(" + " || ".join(f"(s) == {state}" for state in states) + ")"


if __name__ == "__main__":
    FILE.write_text(render(), encoding="utf-8")
