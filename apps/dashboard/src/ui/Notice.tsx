import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { problemOf } from '../api/client.ts';
import { Button } from './Button.tsx';

/** What happened, and what to do; the raw error is one click away. */
export function Failure({ error, retry, title }: { error: unknown; retry?: () => void; title: string }) {
  const problem = problemOf(error);
  return (
    <div
      role="alert"
      className="m-4 flex max-w-[640px] flex-col items-start gap-2 rounded border border-edge bg-panel p-4"
    >
      <p className="flex items-center gap-2 font-semibold">
        <TriangleAlert size={16} aria-hidden /> {title}
      </p>
      <p className="text-muted">{problem.detail}</p>
      <Raw text={JSON.stringify(problem, null, 2)} />
      {retry && <Button onClick={retry}>Try again</Button>}
    </div>
  );
}

function Raw({ text, label = 'Raw error' }: { text: string; label?: string }) {
  return (
    <details className="max-w-full">
      <summary className="text-sm text-muted">{label}</summary>
      <pre className="mt-2 max-h-80 overflow-auto rounded border bg-page p-2 font-mono text-xs" tabIndex={0}>
        {text}
      </pre>
    </details>
  );
}

export function Nothing({ children }: { children: ReactNode }) {
  return <p className="p-4 text-muted">{children}</p>;
}
