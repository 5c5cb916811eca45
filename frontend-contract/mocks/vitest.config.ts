/** How the tests run: in Node, with one copy of graphql for us and for graphql-ws. */
import { defineConfig } from "vitest/config";

export default defineConfig({ test: { testTimeout: 30_000, server: { deps: { inline: ["graphql-ws"] } } } });
