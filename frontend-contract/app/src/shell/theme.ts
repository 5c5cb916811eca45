/** Light or dark: as the system has it, until somebody chooses here. The choice is kept in this browser. */

export type Theme = "system" | "light" | "dark";

const KEY = "daftari.theme";
const THEMES: readonly Theme[] = ["system", "light", "dark"];

let current: Theme = read();
const listeners = new Set<() => void>();

function read(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? "system";
  } catch {
    // A browser that keeps nothing for pages follows the system.
    return "system";
  }
}

function apply(): void {
  if (current === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = current;
}

export function chooseTheme(theme: Theme): void {
  current = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It holds until the page is left.
  }
  apply();
  listeners.forEach((listener) => listener());
}

export const themeStore = {
  get: (): Theme => current,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

apply();
