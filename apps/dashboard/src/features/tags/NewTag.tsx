'use client';

import type { Tag } from '@pentimento/contracts';
import { useEffect, useId, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { Button } from '../../ui/Button.tsx';
import { withTyped } from './model.ts';
import type { Tags } from './useTags.ts';

interface Props {
  tags: readonly Tag[];
  onSave: Tags['save'];
  onClose: () => void;
}

/** The field for new tags. What is typed stays until it is saved. */
export function NewTag({ tags, onSave, onClose }: Props) {
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const problemId = useId();
  useEffect(() => field.current?.focus(), []);
  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() === '') return onClose();
    const { problem: found } = withTyped(tags, typed);
    setProblem(found);
    if (found === null && (await onSave((known) => withTyped(known, typed).tags)))
      setTyped((now) => (now === typed ? '' : now));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    onClose();
  };
  return (
    <form onSubmit={(event) => void add(event)} className="flex max-w-full min-w-0 flex-wrap items-center gap-1">
      <input
        ref={field}
        type="text"
        aria-label="New tag"
        placeholder="New tag"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKey}
        aria-invalid={problem !== null || undefined}
        aria-describedby={problem === null ? undefined : problemId}
        className="field h-7! w-36 text-sm!"
      />
      <Button type="submit" className="h-7 px-2">
        Add
      </Button>
      {problem !== null && (
        <p id={problemId} role="alert" className="text-sm">
          {problem}
        </p>
      )}
    </form>
  );
}
