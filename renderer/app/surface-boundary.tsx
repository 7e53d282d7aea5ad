import { Component, type ReactNode } from 'react';
import { failureOf, type Failure } from '../../shared/failure.ts';
import { FailureView } from '../components/failure-view.tsx';

interface Props {
  readonly title: string;
  readonly children: ReactNode;
}

/** Keeps a bug in one surface from taking the window with it. React has no hook for this. */
export class SurfaceBoundary extends Component<Props, { readonly failure?: Failure }> {
  override state: { readonly failure?: Failure } = {};

  static getDerivedStateFromError(error: unknown): { readonly failure: Failure } {
    return { failure: failureOf(error) };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (failure === undefined) return this.props.children;
    return (
      <FailureView
        title={`${this.props.title} cannot be shown`}
        failure={failure}
        onRetry={() => this.setState({ failure: undefined } as never)}
      />
    );
  }
}
