/** The foot of a list of which there is more. */
import type { ReactNode } from "react";

import { Button } from "@/kit";

import styles from "./rooms.module.css";
import type { Growing } from "./useGrowing";

interface MoreProps {
  readonly pages: Growing;
  readonly hasMore: boolean | undefined;
  readonly loading: boolean;
  /** What there is more of, such as "movements". */
  readonly what: string;
}

export function More({ pages, hasMore, loading, what }: MoreProps): ReactNode {
  if (!hasMore) return null;
  return (
    <div className={styles.more}>
      {pages.canGrow ? (
        <Button size="small" busy={loading} onClick={pages.grow}>
          Show more {what}
        </Button>
      ) : (
        <p className="muted small">
          These are the latest {pages.first}. Search for older {what}.
        </p>
      )}
    </div>
  );
}
