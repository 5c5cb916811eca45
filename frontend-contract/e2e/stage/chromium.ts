/** Which Chromium is run: CHROMIUM names one, the machine has one, or the package that set-up installs brings one. */
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

interface Browser {
  readonly path: string;
  readonly arguments: readonly string[];
  readonly environment: Record<string, string>;
}

interface Packaged {
  readonly default: { executablePath(): Promise<string> };
  inflate(path: string): Promise<string>;
}

const ON_THE_MACHINE = ["/usr/bin/chromium", "/usr/bin/google-chrome"];

export async function chromium(): Promise<Browser> {
  const path = process.env.CHROMIUM ?? ON_THE_MACHINE.find((each) => existsSync(each));
  return path === undefined ? await packaged() : { path, arguments: ["--no-sandbox"], environment: {} };
}

/** It comes compressed, with the libraries and fonts that small machines lack; its own flags would switch off origins. */
async function packaged(): Promise<Browser> {
  // A path in a variable, because the package is there only where it is needed.
  const folder = new URL("../browser/node_modules/@sparticuz/chromium/", import.meta.url);
  const brought = (await import(new URL("build/index.js", folder).href)) as Packaged;
  const path = await brought.default.executablePath();
  const libraries = await brought.inflate(fileURLToPath(new URL("bin/al2023.tar.br", folder)));
  const environment = { LD_LIBRARY_PATH: join(libraries, "lib"), FONTCONFIG_PATH: join(tmpdir(), "fonts") };
  return { path, arguments: ["--no-sandbox", "--headless=shell"], environment };
}
