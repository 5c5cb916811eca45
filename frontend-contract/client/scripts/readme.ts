/**
 * Writes the recipes, which are code that runs, into the README: node scripts/readme.ts. A test fails when they differ.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../", import.meta.url));
const BLOCK = /<!-- (recipes\/[\w.-]+) -->\n```\w+\n[\s\S]*?```/g;

export function withRecipes(readme: string): string {
  return readme.replace(BLOCK, (_, file: string) => {
    const language = file.endsWith(".tsx") ? "tsx" : "ts";
    return `<!-- ${file} -->\n\`\`\`${language}\n${readFileSync(folder + file, "utf8")}\`\`\``;
  });
}

if (import.meta.main) {
  const file = `${folder}README.md`;
  writeFileSync(file, withRecipes(readFileSync(file, "utf8")));
}
