/** A mutation as React state. */
import { useCallback, useMemo, useRef, useState } from "react";
import { DaftariError, type Document, type MutationOptions, type Variables } from "../index.ts";
import { useClient } from "./provider.ts";

export interface MutationResult<T> {
  readonly loading: boolean;
  readonly error: DaftariError | undefined;
  readonly data: T | undefined;
  /** Forgets the outcome of the last run. */
  readonly reset: () => void;
}

/** Resolves with the payload's data; rejects with the `DaftariError` that is in `error` as well. */
export type RunMutation<T, V> = (variables?: V, options?: MutationOptions) => Promise<T>;

const NOTHING = { loading: false, error: undefined, data: undefined } as const;

export function useMutation<T = unknown, V = Variables>(
  document: Document<T, V>,
): [RunMutation<T, V>, MutationResult<T>] {
  const client = useClient();
  const [state, setState] = useState<Omit<MutationResult<T>, "reset">>(NOTHING);
  // Of several runs the last one is shown, whichever answers last.
  const runs = useRef(0);
  const run = useCallback<RunMutation<T, V>>(
    async (variables, options) => {
      const mine = ++runs.current;
      const show = (next: Omit<MutationResult<T>, "reset">): void => {
        if (mine === runs.current) setState(next);
      };
      show({ ...NOTHING, loading: true });
      try {
        const data = await client.mutate<T, V>(document, variables, options);
        show({ ...NOTHING, data });
        return data;
      } catch (problem) {
        if (problem instanceof DaftariError) show({ ...NOTHING, error: problem });
        else show(NOTHING);
        throw problem;
      }
    },
    [client, document],
  );
  const reset = useCallback(() => {
    runs.current += 1;
    setState(NOTHING);
  }, []);
  return [run, useMemo(() => ({ ...state, reset }), [state, reset])];
}
