import type { Candidate } from '@pentimento/contracts';
import { failureSentence } from '../compare/model.ts';
import { formatDuration } from '../../ui/format.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';

/** The renderer's log, or why there is no image. */
export function LogTab({ candidate }: { candidate: Candidate }) {
  const { render, parseStatus, parseDetail } = candidate;
  const text = render?.status === 'failed' ? render.message : (render?.log ?? '');
  return (
    <div className="flex flex-col gap-3 p-3" data-testid="log">
      {parseDetail && (
        <p>
          The reply was parsed as “{parseStatus.replace('_', ' ')}”: {parseDetail}
        </p>
      )}
      {!render && <p>There was no code to render.</p>}
      {render && (
        <p>
          {render.status === 'ok' ? 'Rendered' : `Not rendered: ${failureSentence(render.kind)}`}
          <span className="text-muted">
            {' '}
            · <span className="font-mono text-xs">{render.renderer}</span> · {formatDuration(render.ms)}
          </span>
        </p>
      )}
      {text ? (
        <div className="relative rounded border bg-page">
          <span className="absolute top-1 right-1">
            <CopyButton text={text} name="Copy the log" />
          </span>
          <pre className="overflow-auto p-2 pr-10 font-mono text-xs wrap-anywhere whitespace-pre-wrap" tabIndex={0}>
            {text}
          </pre>
        </div>
      ) : (
        render && <p className="text-muted">The renderer said nothing.</p>
      )}
    </div>
  );
}
