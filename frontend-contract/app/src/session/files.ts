/** Files beside GraphQL: handing one in, whose id a mutation then says what it belongs to. */
import { DaftariError } from "@daftari/client";

import { client } from "./client";

interface Answer {
  fileId?: string;
  errors?: readonly { message: string; extensions?: { code?: string } }[];
}

/** The id of the file that was handed in. Rejects with what the server says against it. */
export async function handIn(file: File, purpose: string): Promise<string> {
  const token = await client.accessToken();
  const response = await fetch("/files", {
    method: "POST",
    body: file,
    headers: {
      authorization: `Bearer ${token ?? ""}`,
      "content-type": file.type || "application/octet-stream",
      "x-file-name": encodeURIComponent(file.name),
      "x-file-purpose": purpose,
    },
  }).catch((cause: unknown) => {
    throw new DaftariError("The server could not be reached.", { kind: "network", code: "NETWORK", cause });
  });
  const answer = (await response.json().catch(() => ({}))) as Answer;
  if (answer.fileId) return answer.fileId;
  const [problem] = answer.errors ?? [];
  throw new DaftariError(problem?.message ?? "The server did not take the file.", {
    kind: "refused",
    code: problem?.extensions?.code ?? "INTERNAL",
  });
}
