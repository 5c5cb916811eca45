/** Tests run in plain Node: the core has no DOM, and React is rendered by react-dom only where a test brings one. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["tests/**/*.test.{ts,tsx}"], testTimeout: 30_000, hookTimeout: 120_000 },
});
