/** How much of a list is asked for: it grows page by page up to what the API gives at once, and stays live as a whole. */
import { useState } from "react";

/** No list gives more at once. */
const MOST = 100;

export interface Growing {
  readonly first: number;
  readonly canGrow: boolean;
  grow(): void;
}

export function useGrowing(step = 20): Growing {
  const [first, setFirst] = useState(step);
  return { first, canGrow: first < MOST, grow: () => setFirst(Math.min(MOST, first + step)) };
}
