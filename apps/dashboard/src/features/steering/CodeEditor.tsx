'use client';

import type { Candidate } from '@pentimento/contracts';
import { useState } from 'react';
import { problemOf } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { FieldError, TextField } from '../../ui/fields.tsx';
import { useSteering } from './useSteering.ts';

/** The code of a candidate as plain text to edit by hand. What is sent is rendered and scored as an iteration. */
export function CodeEditor({ candidate, code, onClose }: { candidate: Candidate; code: string; onClose: () => void }) {
  const steering = useSteering(candidate.jobId);
  const [text, setText] = useState(code);
  const send = async () => {
    if (await steering.add({ kind: 'edit', candidate: candidate.id, code: text })) onClose();
  };
  return (
    <div className="flex flex-col gap-2 p-3" data-testid="code-editor">
      <TextField
        label={`Code of iteration ${candidate.iteration}`}
        hint="It is rendered and scored as an iteration of its own, before the model is asked again."
        rows={18}
        mono
        value={text}
        onValue={setText}
      />
      {steering.error !== null && <FieldError text={problemOf(steering.error).detail} />}
      <div className="flex gap-2">
        <Button kind="solid" disabled={steering.saving || text === code} onClick={() => void send()}>
          Render and score
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </div>
  );
}
