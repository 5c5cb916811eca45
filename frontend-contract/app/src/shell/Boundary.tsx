/** A page that fails to load or to draw fails alone: the menu stays, and there is a way to try again. */
import { Component, type ReactNode } from "react";

import { Failed } from "@/kit/Empty";

interface BoundaryState {
  error: Error | null;
}

export class Boundary extends Component<{ children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: null };

  static getDerivedStateFromError(error: Error): BoundaryState {
    return { error };
  }

  override render(): ReactNode {
    if (!this.state.error) return this.props.children;
    // A module that could not be loaded is not asked for again by the same page.
    return <Failed error={this.state.error} retry={() => window.location.reload()} />;
  }
}
