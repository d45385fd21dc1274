'use client';

import { Fragment, memo, useEffect, useState } from 'react';
import { highlight, type Token } from './highlight.ts';
import { chunksOf } from './partial.ts';
import { Tokens } from './Tokens.tsx';

/** Code that is being written. A chunk is colored when it changes, so that a long code costs no more than a short one. */
export function GrowingCode({ id, code, grammar }: { id: string; code: string; grammar: string | null }) {
  return chunksOf(code).map((chunk, index) => (
    <Chunk key={index} id={id} index={index} code={chunk} grammar={grammar} />
  ));
}

interface ChunkProps {
  /** Of the code: another code has another one. */
  id: string;
  index: number;
  code: string;
  grammar: string | null;
}

/** What is colored already stays so while more of it is written. */
const Chunk = memo(function Chunk({ id, index, code, grammar }: ChunkProps) {
  const [colored, setColored] = useState<{ code: string; lines: Token[][] } | null>(null);
  useEffect(() => {
    if (grammar === null) return;
    const leaving = new AbortController();
    void highlight(code, grammar, leaving.signal, { id, index }).then(
      (lines) => !leaving.signal.aborted && lines && setColored({ code, lines }),
    );
    return () => leaving.abort();
  }, [id, index, code, grammar]);
  if (!colored || !code.startsWith(colored.code)) return code;
  return (
    <>
      {colored.lines.map((line, at) => (
        <Fragment key={at}>
          {at > 0 && '\n'}
          <Tokens line={line} />
        </Fragment>
      ))}
      {code.slice(colored.code.length)}
    </>
  );
});
