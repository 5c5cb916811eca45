/** Handing a file in from a form: how much of it has gone, and why it was not taken. */
import { DaftariError } from "@daftari/client";
import { useState } from "react";

import { handIn } from "@/session/files";

interface HandingIn {
  readonly busy: boolean;
  /** What part of the file has gone, from 0 to 1. */
  readonly sent: number;
  readonly error: DaftariError | undefined;
  /** Hands it in, and gives the id of what was taken to `then`. */
  run(file: File, then: (fileId: string) => void): void;
}

const RESTING = { busy: false, sent: 0, error: undefined };

export function useHandIn(purpose: string): HandingIn {
  const [state, setState] = useState<Omit<HandingIn, "run">>(RESTING);
  const refused = (problem: unknown): void => {
    setState({ ...RESTING, error: problem instanceof DaftariError ? problem : undefined });
    if (!(problem instanceof DaftariError)) throw problem;
  };
  const run = (file: File, then: (fileId: string) => void): void => {
    const moved = (sent: number): void => setState({ busy: true, sent, error: undefined });
    moved(0);
    handIn(file, purpose, moved).then((fileId) => {
      setState(RESTING);
      then(fileId);
    }, refused);
  };
  return { ...state, run };
}
