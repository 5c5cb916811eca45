/** Above a list: which part of it is shown, and finding one in it. */
import type { ReactNode } from "react";

import { Segments, TextField } from "@/kit";
import type { SegmentsProps } from "@/kit/Page";

import styles from "./rooms.module.css";

interface FiltersProps<T extends string> {
  readonly which: SegmentsProps<T>;
  /** Without it nothing is to be found by words. */
  readonly find?: { readonly by: string; readonly value: string; readonly onChange: (words: string) => void };
  /** Further fields. */
  readonly children?: ReactNode;
}

export function Filters<T extends string>({ which, find, children }: FiltersProps<T>): ReactNode {
  return (
    <div className={styles.filters}>
      <Segments {...which} />
      {find && <TextField label="Find" type="search" placeholder={find.by} value={find.value} onChange={find.onChange} />}
      {children}
    </div>
  );
}
