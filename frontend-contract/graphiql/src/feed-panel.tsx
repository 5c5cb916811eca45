/** The log of the running feed, under the response: state, count, last cursor and the last items, newest first. */
import { useEffect, useRef, useState } from "react";
import { feed, type Feed, type FeedRow } from "./feed-log";
import { ConnectingIcon, DoneIcon, OfflineIcon, OnlineIcon } from "./icons";
import { useStore } from "./store";

const STATES: Record<Feed["state"], { word: string; icon: () => React.JSX.Element }> = {
  waiting: { word: "waiting", icon: ConnectingIcon },
  live: { word: "live", icon: OnlineIcon },
  interrupted: { word: "interrupted", icon: OfflineIcon },
  ended: { word: "ended", icon: DoneIcon },
};

const ANNOUNCE_EVERY_MS = 5_000;

export function FeedPanel() {
  const current = useStore(feed);
  const [open, setOpen] = useState(true);
  const announcement = useAnnouncement(current);
  if (!current) return null;
  const { word, icon: StateIcon } = STATES[current.state];
  return (
    <section className="feed" aria-label="Live feed">
      <div className="feed-head">
        <span className={`badge feed-${current.state}`}>
          <StateIcon />
          {word}
        </span>
        <strong>{current.name}</strong>
        <span className="feed-count">{countWords(current.received)}</span>
        {current.cursor && (
          <span className="feed-cursor">
            cursor <code title={current.cursor}>{current.cursor}</code>
          </span>
        )}
        <button type="button" className="plain" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Hide items" : "Show items"}
        </button>
      </div>
      {open && current.rows.length > 0 && (
        <ol className="feed-rows" aria-label="Last items, newest first" tabIndex={0}>
          {current.rows.map((row) => (
            <Row key={row.number} row={row} />
          ))}
        </ol>
      )}
      <p className="unseen" role="status">
        {announcement}
      </p>
    </section>
  );
}

function Row({ row }: { row: FeedRow }) {
  const when = <time dateTime={row.at.toISOString()}>{row.at.toLocaleTimeString()}</time>;
  if (row.body === null) {
    return (
      <li className="feed-note">
        {when} {row.label}
      </li>
    );
  }
  return (
    <li>
      <details>
        <summary>
          {when} <span className="feed-label">{row.label}</span> {row.cursor && <code>{row.cursor}</code>}
        </summary>
        <pre>{row.body}</pre>
      </details>
    </li>
  );
}

/** What a screen reader hears: the newest state, at most every five seconds however fast the feed is. */
function useAnnouncement(current: Feed | null): string {
  const [text, setText] = useState("");
  const latest = useRef(current);
  const quietUntil = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    latest.current = current;
    clearTimeout(timer.current);
    timer.current = setTimeout(
      () => {
        quietUntil.current = Date.now() + ANNOUNCE_EVERY_MS;
        setText(latest.current ? `${latest.current.name} ${STATES[latest.current.state].word}, ${countWords(latest.current.received)}` : "");
      },
      Math.max(0, quietUntil.current - Date.now()),
    );
    return () => clearTimeout(timer.current);
  }, [current]);
  return text;
}

function countWords(count: number): string {
  return count === 1 ? "1 item" : `${count} items`;
}
