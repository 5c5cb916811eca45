/** How the browsers are run: a Chromium of the machine, or the one that set-up brought; three at a time, because some of them mostly wait; no retries. */
import { defineConfig } from "@playwright/test";

import { chromium } from "./stage/chromium.ts";

const browser = await chromium();

export default defineConfig({
  testDir: "tests",
  outputDir: "dist/results",
  fullyParallel: true,
  workers: 3,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    baseURL: process.env.DAFTARI_URL,
    locale: "en-KE",
    timezoneId: "Africa/Nairobi",
    trace: "off",
    launchOptions: {
      executablePath: browser.path,
      args: [...browser.arguments, "--disable-dev-shm-usage"],
      env: { ...process.env, ...browser.environment } as Record<string, string>,
    },
  },
});
