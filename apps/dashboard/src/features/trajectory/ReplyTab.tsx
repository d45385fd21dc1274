'use client';

import { useQuery } from '@tanstack/react-query';
import type { Candidate, ModelCall } from '@pentimento/contracts';
import { useState } from 'react';
import { textBlobQuery } from '../../api/queries.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { formatCount, formatDuration } from '../../ui/format.ts';
import { Failure, Nothing } from '../../ui/Notice.tsx';

/** The model's reply exactly as received, and what the call cost. */
export function ReplyTab({ candidate: { call } }: { candidate: Candidate }) {
  if (!call) return <Nothing>This code is of a person: no model was asked.</Nothing>;
  return <Reply call={call} />;
}

function Reply({ call }: { call: ModelCall }) {
  const { data, error, refetch } = useQuery(textBlobQuery(call.reply));
  return (
    <div className="flex flex-col" data-testid="reply">
      <dl className="tabular grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 border-b p-3 text-xs">
        {factsOf(call).map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
      {call.reasoning && <Reasoning blob={call.reasoning} />}
      {error && <Failure title="The reply could not be loaded" error={error} retry={() => void refetch()} />}
      {data !== undefined && (
        <div className="relative">
          <span className="absolute top-1 right-1">
            <CopyButton text={data} name="Copy the reply" />
          </span>
          <pre className="p-3 pr-10 font-mono text-xs break-words whitespace-pre-wrap">{data}</pre>
        </div>
      )}
    </div>
  );
}

/** Loaded when it is opened: it may be many times as long as the reply. */
function Reasoning({ blob }: { blob: string }) {
  const [open, setOpen] = useState(false);
  const { data, error, refetch } = useQuery({ ...textBlobQuery(blob), enabled: open });
  return (
    <details className="border-b p-3 text-xs" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit text-muted">Reasoning</summary>
      {error && <Failure title="The reasoning could not be loaded" error={error} retry={() => void refetch()} />}
      <pre className="mt-2 font-mono break-words whitespace-pre-wrap">{data ?? (error ? '' : 'Loading')}</pre>
    </details>
  );
}

function factsOf(call: ModelCall): [string, string][] {
  const { usage, sampling, served, capture } = call;
  const tokens = [
    usage.inputTokens !== null && `${formatCount(usage.inputTokens)} in`,
    usage.outputTokens !== null && `${formatCount(usage.outputTokens)} out`,
  ].filter(Boolean);
  const sampled = [
    sampling.temperature !== null && `temperature ${sampling.temperature}`,
    sampling.seed !== null && `seed ${sampling.seed}`,
    sampling.maxOutputTokens !== null && `at most ${formatCount(sampling.maxOutputTokens)} tokens`,
  ].filter(Boolean);
  const facts: [string, string | null][] = [
    ['Model', served.model && served.model !== call.model ? `${call.model}, served as ${served.model}` : call.model],
    ['Finish reason', call.finishReason],
    ['Time', `${formatDuration(call.ms)}${call.attempts > 1 ? `, ${call.attempts} attempts` : ''}`],
    ['Tokens', tokens.join(', ') || null],
    ['Cost', usage.cost === null ? null : `$${usage.cost.toFixed(4)}`],
    ['Sampling', sampled.join(', ') || null],
    ['Fingerprint', served.fingerprint],
    ['Weights', served.weightVersion],
    [
      'Recorded',
      capture.level === 'token_exact' ? 'Text, token ids and log-probabilities' : `Text only. ${capture.reason}`,
    ],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null);
}
