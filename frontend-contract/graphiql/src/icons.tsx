/** Small signs of the bar. Each state has its own shape, so that colour alone never carries the meaning. */
import type { ReactNode } from "react";

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" strokeWidth="2" aria-hidden="true">
      {children}
    </svg>
  );
}

export const OnlineIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="7" fill="currentColor" stroke="none" />
    <path d="M4.8 8.2 7 10.4l4.2-4.6" stroke="var(--surface)" />
  </Icon>
);

export const ConnectingIcon = () => (
  <Icon>
    <path className="turning" d="M8 2a6 6 0 1 1-6 6" />
  </Icon>
);

export const OfflineIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="6" />
    <path d="m3.8 12.2 8.4-8.4" />
  </Icon>
);

export const DoneIcon = () => (
  <Icon>
    <rect x="4" y="4" width="8" height="8" fill="currentColor" stroke="none" />
  </Icon>
);

export const BookIcon = () => (
  <Icon>
    <path d="M3 3h4.2c.5 0 .8.4.8.9V13c0-.6-.4-1-1-1H3zM13 3H8.8C8.3 3 8 3.4 8 3.9V13c0-.6.4-1 1-1h4z" strokeWidth="1.5" />
  </Icon>
);

export const PersonIcon = () => (
  <Icon>
    <circle cx="8" cy="5" r="2.8" />
    <path d="M2.5 14c.6-3 2.7-4.5 5.5-4.5s4.9 1.5 5.5 4.5" />
  </Icon>
);
