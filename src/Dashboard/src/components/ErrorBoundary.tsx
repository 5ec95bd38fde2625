import { Component, type ReactNode } from 'react';
import { Notice } from './Notice';

/** Keeps a failure inside its section: the rest of the page goes on, and this part can be tried again. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <Notice title="This part could not be shown" action="Show it again" onAction={() => this.setState({ error: null })}>
        {this.state.error.message}
      </Notice>
    );
  }
}
