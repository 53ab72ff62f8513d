import { Component, type ReactNode } from 'react';
import { LoadError } from '../ui/nothing-here.js';

/** Limits a failure to one page: the navigation keeps working. Its key is the page's address. */
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
