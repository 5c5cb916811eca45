/** Files beside GraphQL: handing one in, whose id a mutation then says what it belongs to, and fetching one. */
import { DaftariError } from "@daftari/client";

import { client } from "./client";

interface Answer {
  fileId?: string;
  errors?: readonly { message: string; extensions?: { code?: string } }[];
}

/**
 * The id of the file that was handed in. Rejects with what the server says against it.
 * `onSent` is told what part of it has gone, from 0 to 1.
 */
export async function handIn(file: File, purpose: string, onSent?: (part: number) => void): Promise<string> {
  const token = await client.accessToken();
  const answer = await send(file, onSent, {
    authorization: `Bearer ${token ?? ""}`,
    "content-type": file.type || "application/octet-stream",
    "x-file-name": encodeURIComponent(file.name),
    "x-file-purpose": purpose,
  });
  if (answer.fileId) return answer.fileId;
  throw refusal(answer, "The server did not take the file.");
}

/** By the older way of asking, as fetch does not tell how much has gone. */
function send(file: File, onSent: ((part: number) => void) | undefined, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/files");
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onSent?.(total === 0 ? 1 : loaded / total);
    request.onload = () => resolve(answerOf(request.responseText));
    request.onerror = () => reject(unreachable());
    request.send(file);
  });
}

/** Has the browser keep a file, under the name that it was handed in with. */
export async function keepFile(file: { readonly name: string; readonly downloadPath: string }): Promise<void> {
  const token = await client.accessToken();
  const response = await fetch(file.downloadPath, { headers: { authorization: `Bearer ${token ?? ""}` } }).catch(
    (cause: unknown) => {
      throw unreachable(cause);
    },
  );
  if (!response.ok) throw refusal(answerOf(await response.text()), "The server did not give the file.");
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = file.name;
  link.click();
  URL.revokeObjectURL(address);
}

function answerOf(text: string): Answer {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return {};
  }
}

function unreachable(cause?: unknown): DaftariError {
  return new DaftariError("The server could not be reached.", { kind: "network", code: "NETWORK", cause });
}

function refusal({ errors }: Answer, otherwise: string): DaftariError {
  const [problem] = errors ?? [];
  const code = problem?.extensions?.code ?? "INTERNAL";
  return new DaftariError(problem?.message ?? otherwise, { kind: "refused", code });
}
