import { Component, type ReactNode } from 'react';
import { LoadError } from '../ui/nothing-here.js';

/** Keeps a fault of one page from taking everything: the way to the others stays. Its key is the page's address. */
export class PageBoundary extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (!('error' in this.state)) return this.props.children;
    return (
      <LoadError
        error={this.state.error}
        retry={() => {
          location.reload();
        }}
      />
    );
  }
}
