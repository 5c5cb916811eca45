/** What was just done or has just come, for a moment at the edge of the screen. Anybody may speak; the shell shows it. */

export interface Toast {
  id: number;
  title: string;
  body?: string;
  tone: "good" | "info" | "warn" | "bad";
  href?: string;
}

/** More than this would cover what people work on; the oldest give way. */
const MOST = 4;

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function become(next: readonly Toast[]): void {
  toasts = next;
  listeners.forEach((listener) => listener());
}

/** Shows a toast, and gives its id. */
export function toast(message: Omit<Toast, "id" | "tone"> & { tone?: Toast["tone"] }): number {
  lastId += 1;
  become([...toasts, { tone: "info" as const, ...message, id: lastId }].slice(-MOST));
  return lastId;
}

export function dismissToast(id: number): void {
  become(toasts.filter((other) => other.id !== id));
}

export const toastStore = {
  get: (): readonly Toast[] => toasts,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
