'use client';

import { useQuery } from '@tanstack/react-query';
import type { Candidate, Language } from '@pentimento/contracts';
import clsx from 'clsx';
import { Download, Pencil, WrapText } from 'lucide-react';
import { memo, useEffect, useState } from 'react';
import { blobUrl } from '../../api/client.ts';
import { textBlobQuery } from '../../api/queries.ts';
import { buttonLook, IconButton } from '../../ui/Button.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { useLanguage } from '../../ui/languages.ts';
import { Failure, Nothing } from '../../ui/Notice.tsx';
import { CodeEditor } from '../steering/CodeEditor.tsx';
import { highlight, type Token } from './highlight.ts';
import { Tokens } from './Tokens.tsx';

export function CodeTab({
  candidate,
  language,
  editable,
}: {
  candidate: Candidate;
  language: Language;
  editable: boolean;
}) {
  const { fileExtension, highlighting } = useLanguage(language);
  if (!candidate.code)
    return <Nothing>{candidate.parseDetail || 'The reply held no usable code.'} The Reply tab has its words.</Nothing>;
  return (
    <LoadedCode
      key={candidate.code}
      id={candidate.code}
      grammar={highlighting}
      name={`iteration-${candidate.iteration}.${fileExtension}`}
      candidate={editable ? candidate : null}
    />
  );
}

function LoadedCode({
  id,
  grammar,
  name,
  candidate,
}: {
  id: string;
  grammar: string | null;
  name: string;
  /** Null where its code cannot be edited by hand. */
  candidate: Candidate | null;
}) {
  const [editing, setEditing] = useState(false);
  const { data, error, refetch } = useQuery({ ...textBlobQuery(id), placeholderData: (before) => before });
  const [wrap, setWrap] = useState(true);
  if (error) return <Failure title="The code could not be loaded" error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Nothing>Loading the code.</Nothing>;
  if (editing && candidate) return <CodeEditor candidate={candidate} code={data} onClose={() => setEditing(false)} />;
  return (
    <div data-testid="code">
      <div className="sticky top-0 z-10 flex items-center border-b bg-panel py-0.5 pr-1 pl-3 text-xs text-muted">
        <span className="tabular mr-auto">
          {lineCount(data)}, {formatBytes(data.length)}
        </span>
        {candidate && (
          <IconButton name="Edit by hand" onClick={() => setEditing(true)} className="size-7">
            <Pencil size={14} aria-hidden />
          </IconButton>
        )}
        <IconButton
          name="Wrap long lines"
          aria-pressed={wrap}
          onClick={() => setWrap(!wrap)}
          className={clsx('size-7', wrap && 'text-ink')}
        >
          <WrapText size={14} aria-hidden />
        </IconButton>
        <a
          href={blobUrl(id)}
          download={name}
          aria-label="Download the code"
          title="Download the code"
          className={buttonLook('quiet', 'size-7')}
        >
          <Download size={14} aria-hidden />
        </a>
        <CopyButton text={data} name="Copy the code" />
      </div>
      <Source code={data} grammar={grammar} wrap={wrap} />
    </div>
  );
}

function lineCount(code: string): string {
  const lines = code.split('\n').length - (code.endsWith('\n') ? 1 : 0);
  return `${formatCount(lines)} ${lines === 1 ? 'line' : 'lines'}`;
}

/** Code as text nodes, colored once the highlighter is loaded. It is never parsed as markup. */
const Source = memo(function Source({ code, grammar, wrap }: { code: string; grammar: string | null; wrap: boolean }) {
  const [tokens, setTokens] = useState<{ code: string; lines: Token[][] } | null>(null);
  useEffect(() => {
    if (grammar === null) return;
    const leaving = new AbortController();
    void highlight(code, grammar, leaving.signal).then(
      (lines) => !leaving.signal.aborted && setTokens(lines && { code, lines }),
    );
    return () => leaving.abort();
  }, [code, grammar]);
  return (
    <pre
      className={clsx(
        'code w-fit min-w-full py-2 font-mono text-xs',
        wrap && 'w-auto! wrap-anywhere whitespace-pre-wrap',
      )}
    >
      <code>{tokens?.code === code ? <Lines lines={tokens.lines} /> : code}</code>
    </pre>
  );
});

function Lines({ lines }: { lines: Token[][] }) {
  const shown = lines.at(-1)?.length === 0 ? lines.slice(0, -1) : lines;
  return shown.map((line, index) => (
    <span key={index} className="line">
      <Tokens line={line} />
      {'\n'}
    </span>
  ));
}
