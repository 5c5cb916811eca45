/** GraphQL over HTTP: one POST, one answer. Refusals that are well-formed GraphQL answers are returned, everything else is thrown. */
import type { FormattedExecutionResult } from "graphql";

export interface GraphQLRequest {
  query: string;
  variables?: Record<string, unknown> | null;
  operationName?: string | null;
}

/** A GraphQL answer as it comes over the wire. */
export type Result = FormattedExecutionResult;

export interface Answer {
  status: number;
  result: Result;
}

export type Post = (request: GraphQLRequest, headers?: Record<string, string>) => Promise<Answer>;

export const ENDPOINT = "/graphql";

export const post: Post = async (request, headers = {}) => {
  const response = await fetch(ENDPOINT, {
    method: "POST",
    headers: {
      accept: "application/graphql-response+json, application/json",
      "content-type": "application/json",
      ...headers,
    },
    body: JSON.stringify(request),
  });
  const text = await response.text();
  try {
    return { status: response.status, result: JSON.parse(text) as Result };
  } catch {
    throw new Error(`The server answered ${response.status} ${response.statusText} without JSON: ${text.slice(0, 200)}`);
  }
};

/** True when the server says that it does not know who is asking. */
export function isUnauthenticated({ status, result }: Answer): boolean {
  return status === 401 || (result.errors ?? []).some((error) => error.extensions?.["code"] === "UNAUTHENTICATED");
}
