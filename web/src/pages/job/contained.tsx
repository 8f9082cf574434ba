/** Keeps what goes wrong in one part of the page from taking the rest with it. */

import { Component, type ReactNode } from "react";
import { Trouble } from "../../parts/trouble";

interface State {
  error: unknown;
}

export class Contained extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return <Trouble error={this.state.error} onRetry={() => this.setState({ error: null })} />;
  }
}
