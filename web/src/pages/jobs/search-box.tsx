/**
 * The one box: any id goes straight to its job, everything else is a query. What may come next is suggested, and the
 * word that the server did not understand is underlined.
 */

import { IconSearch, IconX } from "@tabler/icons-react";
import {
  type ChangeEvent,
  type KeyboardEvent,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import { jobs as texts } from "../../text/jobs";
import { type Meaning, useMeanings } from "./meanings";
import { keyOf, type Option, OptionRow, optionsOf } from "./options";
import css from "./search-box.module.css";
import { type Known, suggestions, taken } from "./words";

/** Typing has come to rest. */
const REST_MS = 350;

export interface SearchBoxProps {
  query: string;
  known: Known;
  /** What is wrong with the query: the characters, and what was expected. */
  wrong: { from: number; to: number; message: string } | null;
  /** Whether a list is still shown, which is of the query before. */
  kept: boolean;
  /** The query is to be looked for; `done` when it was entered and not only paused at. */
  onQuery(query: string, done: boolean): void;
  /** A text was entered that may be an id: answers whether it led somewhere. */
  onId(text: string): Promise<boolean>;
  onMeaning(meaning: Meaning): void;
  /** Leaves the box, to the list. */
  onLeave(): void;
  ref?: Ref<{ focus(): void }>;
}

export function SearchBox({ query, known, wrong, kept, onQuery, onId, onMeaning, onLeave, ref }: SearchBoxProps) {
  const [text, setText] = useState(query);
  const [caret, setCaret] = useState(0);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const [scrolled, setScrolled] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const asked = useRef(query);
  const list = useId();
  useImperativeHandle(ref, () => ({
    focus: () => {
      input.current?.focus();
      input.current?.select();
    },
  }));
  useEffect(() => {
    if (query === asked.current) return;
    asked.current = query;
    setText(query);
  }, [query]);
  const ask = (words: string, done: boolean) => {
    asked.current = words.trim();
    onQuery(asked.current, done);
  };
  useEffect(() => {
    if (text.trim() === asked.current) return;
    const timer = setTimeout(() => {
      if (isWhole(text)) ask(text, false);
    }, REST_MS);
    return () => clearTimeout(timer);
  });
  const meanings = useMeanings(open ? text.trim() : "");
  const options = open ? optionsOf(meanings, suggestions(text, caret, known)) : [];

  const change = (event: ChangeEvent<HTMLInputElement>) => {
    setText(event.target.value);
    setCaret(event.target.selectionStart ?? event.target.value.length);
    setOpen(true);
    setAt(-1);
  };
  const take = (option: Option) => {
    if (option.kind === "meaning") {
      setOpen(false);
      return onMeaning(option.meaning);
    }
    const next = taken(text, option.word);
    setText(next.text);
    setCaret(next.caret);
    setAt(-1);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(next.caret, next.caret);
    });
    if (option.word.kind === "value") ask(next.text, false);
  };
  const enter = async () => {
    const option = options[at];
    if (option !== undefined) return take(option);
    setOpen(false);
    asked.current = text.trim();
    if (mayBeId(text) && (await onId(text.trim()))) return;
    ask(text, true);
  };
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter") void enter();
    else if (event.key === "Escape" && (options.length > 0 || text === "")) {
      if (options.length > 0) setOpen(false);
      else onLeave();
    } else if (event.key === "Escape") clear();
    else if (event.key === "ArrowDown" && options.length === 0) return onLeave();
    else if (event.key === "ArrowDown") setAt((at + 1) % options.length);
    else if (event.key === "ArrowUp" && options.length > 0) setAt(at <= 0 ? options.length - 1 : at - 1);
    else if (event.key === "Tab" && at >= 0 && options[at] !== undefined) take(options[at]);
    else return;
    event.preventDefault();
  };
  const clear = () => {
    setText("");
    setAt(-1);
    ask("", true);
    input.current?.focus();
  };
  return (
    <div className={css.box} data-wrong={wrong !== null || undefined}>
      <IconSearch className={css.icon} size={16} stroke={2} aria-hidden />
      <div className={css.field}>
        <div className={css.mirror} aria-hidden style={{ transform: `translateX(${-scrolled}px)` }}>
          {wrong === null ? null : <Underlined text={text} from={wrong.from} to={wrong.to} />}
        </div>
        <input
          ref={input}
          className={css.input}
          type="text"
          role="combobox"
          aria-label={texts.search}
          aria-expanded={options.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-invalid={wrong !== null}
          aria-describedby={wrong === null ? undefined : `${list}-wrong`}
          {...(at >= 0 ? { "aria-activedescendant": `${list}-${at}` } : {})}
          placeholder={texts.searchHint}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={text}
          onChange={change}
          onKeyDown={keys}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
          onScroll={(event) => setScrolled(event.currentTarget.scrollLeft)}
        />
      </div>
      {text !== "" && (
        <button type="button" className={css.clear} aria-label={texts.clear} onClick={clear}>
          <IconX size={14} stroke={2} aria-hidden />
        </button>
      )}
      {wrong !== null && (
        <div id={`${list}-wrong`} className={css.wrong} role="alert">
          {wrong.message} {kept && <span className={css.kept}>{texts.keptResult}</span>}
        </div>
      )}
      <div id={list} role="listbox" aria-label={texts.suggested} className={css.options} hidden={options.length === 0}>
        {options.map((option, n) => (
          <OptionRow
            key={keyOf(option)}
            id={`${list}-${n}`}
            option={option}
            at={n === at}
            onTake={() => take(option)}
          />
        ))}
      </div>
    </div>
  );
}

function Underlined({ text, from, to }: { text: string; from: number; to: number }) {
  return (
    <>
      {text.slice(0, from)}
      <span className={css.underlined}>{text.slice(from, to) || " "}</span>
      {text.slice(to)}
    </>
  );
}

/** Whether nothing is being typed at the end: a field without its value is not looked for. */
function isWhole(text: string): boolean {
  return !/(^|\s)-?[\w.]*:$/.test(text) && !/,$/.test(text) && (text.match(/"/g)?.length ?? 0) % 2 === 0;
}

function mayBeId(text: string): boolean {
  return /^\S+$/.test(text.trim());
}
