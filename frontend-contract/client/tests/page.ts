/** A page to render React into. Only what React asks for becomes global, so that fetch and WebSocket stay Node's. */
import { Window } from "happy-dom";
import type { ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";

import { pause } from "./server.ts";

const window = new Window();
Object.assign(globalThis, { window, document: window.document });

export class Page {
  private readonly container = document.createElement("div");
  private readonly root: Root = createRoot(this.container);

  show(what: ReactNode): void {
    this.root.render(what);
  }

  /** Lets timers and answers come in, and React show them, until the page reads like this. */
  async reads(expected: string): Promise<void> {
    const deadline = Date.now() + 15_000;
    while (this.text !== expected) {
      if (Date.now() > deadline) throw new Error(`the page reads "${this.text}" and not "${expected}"`);
      await pause(5);
    }
  }

  get text(): string {
    return this.container.textContent ?? "";
  }

  close(): void {
    this.root.unmount();
  }
}
