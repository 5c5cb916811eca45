/** One page: its only h1, what can be done, and the pages beside it. The title of the window follows. */
import { ArrowLeft } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Link, useLocation } from "wouter";

import styles from "./Page.module.css";

export interface PageProps {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  /** Where this page belongs, as a link above the title. */
  back?: { href: string; title: string };
  tabs?: readonly TabLink[];
  children: ReactNode;
}

/** False for the page that somebody arrives at: the browser's own focus is right there. */
let movedBefore = false;

/** A page that was gone to begins at its top, and its heading tells who cannot see it where they are. */
function useArrival() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (movedBefore) {
      window.scrollTo(0, 0);
      heading.current?.focus({ preventScroll: true });
    }
    movedBefore = true;
  }, []);
  return heading;
}

/** For a focus that would else go nowhere, because what had it is gone. */
export function focusTitle(): void {
  document.querySelector<HTMLElement>("h1")?.focus();
}

export function Page({ title, note, actions, back, tabs, children }: PageProps): ReactNode {
  const heading = useArrival();
  useEffect(() => {
    document.title = `${title} · Daftari Live`;
  }, [title]);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div className={styles.titles}>
          {back && (
            <Link href={back.href} className={styles.back}>
              <ArrowLeft aria-hidden />
              {back.title}
            </Link>
          )}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {note && <p className="muted">{note}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {tabs && <TabLinks tabs={tabs} label={`${title}: pages`} />}
      {children}
    </div>
  );
}

export interface TabLink {
  href: string;
  title: string;
  /** A small count behind the title. */
  count?: number;
}

/** Pages beside each other. They are links, so that each has an address and the browser's way back works. */
export function TabLinks({ tabs, label }: { tabs: readonly TabLink[]; label: string }): ReactNode {
  const [location] = useLocation();
  return (
    <nav aria-label={label} className={styles.tabs}>
      {tabs.map(({ href, title, count }) => (
        <Link key={href} href={href} aria-current={location === href ? "page" : undefined}>
          {title}
          {count !== undefined && count > 0 && <span className={styles.count}>{count}</span>}
        </Link>
      ))}
    </nav>
  );
}

export interface SegmentsProps<T extends string> {
  label: string;
  options: readonly (readonly [value: T, title: string])[];
  value: T;
  onChange: (value: T) => void;
}

/** A choice of a few, all in sight: the period of a dashboard, the filter of a list. */
export function Segments<T extends string>({ label, options, value, onChange }: SegmentsProps<T>): ReactNode {
  return (
    <fieldset className={styles.segments}>
      <legend className="unseen">{label}</legend>
      {options.map(([option, title]) => (
        <label key={option}>
          <input
            type="radio"
            name={label}
            value={option}
            checked={option === value}
            onChange={() => onChange(option)}
          />
          <span>{title}</span>
        </label>
      ))}
    </fieldset>
  );
}
