'use client';

import { maxNoteLength } from '@pentimento/contracts';
import { MessageSquare } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useKeys } from '../../keys/useKeys.ts';
import { Button } from '../../ui/Button.tsx';
import { replaceNote, type Decide, type OwnJudgment } from './model.ts';

interface Props {
  candidate: string;
  /** What the candidate is called, e.g. "iteration 3". */
  name: string;
  own: OwnJudgment;
  loaded: boolean;
  /** Resolves with whether it is saved. */
  onSave: (decide: Decide) => Promise<boolean>;
  /** What else is in the same place. */
  children: ReactNode;
}

/** The note on a candidate. Unsaved texts are kept by candidate, so that looking at another one loses none. */
export function Note({ candidate, name, own, loaded, onSave, children }: Props) {
  const [drafts, setDrafts] = useState<Readonly<Record<string, string | undefined>>>({});
  const [opened, setOpened] = useState(false);
  useEffect(() => setOpened(false), [candidate]);
  const button = useRef<HTMLButtonElement>(null);
  const holder = useRef<HTMLDivElement>(null);
  const form = useId();
  const draft = drafts[candidate];
  const setDraft = (text: string | undefined) => setDrafts((before) => ({ ...before, [candidate]: text }));
  const open = () => {
    if (!loaded) return;
    setOpened(true);
    setDraft(draft ?? own.note);
  };
  const close = () => {
    setDraft(undefined);
    button.current?.focus();
  };
  const save = async (text: string) => {
    if (!(await onSave(replaceNote(candidate, text)))) return;
    if (holder.current?.contains(document.activeElement)) button.current?.focus();
    setDrafts((before) => (before[candidate] === text ? { ...before, [candidate]: undefined } : before));
  };
  useKeys('trajectory', {
    note: (event) => {
      event.preventDefault();
      open();
    },
  });
  return (
    <>
      {/* As wide whatever the note is, so that nothing moves from one iteration to the next. */}
      <div className="flex min-w-0 flex-1 basis-28 items-center gap-1">
        <Button
          ref={button}
          kind={own.note ? 'plain' : 'quiet'}
          onClick={draft === undefined ? open : close}
          disabled={!loaded}
          aria-expanded={draft !== undefined}
          aria-controls={form}
          title={own.note || 'Note (n)'}
          className="h-7 min-w-0 shrink! gap-1.5! px-2 text-sm!"
        >
          <MessageSquare size={14} aria-hidden className="shrink-0" />
          <span className="truncate" dir="auto">
            {own.note ? <span className="sr-only">Note: </span> : 'Note'}
            {own.note}
          </span>
        </Button>
        {children}
      </div>
      <div ref={holder} id={form} className={draft === undefined ? 'hidden' : 'basis-full'}>
        {draft !== undefined && (
          <NoteForm
            key={candidate}
            name={name}
            text={draft}
            takesFocus={opened}
            onText={setDraft}
            onSave={() => void save(draft)}
            onCancel={close}
          />
        )}
      </div>
    </>
  );
}

function NoteForm({
  name,
  text,
  takesFocus,
  onText,
  onSave,
  onCancel,
}: {
  name: string;
  text: string;
  takesFocus: boolean;
  onText: (text: string) => void;
  onSave: () => void;
  onCancel: () => void;
}) {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (takesFocus) field.current?.focus();
  }, []);
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      onCancel();
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSave();
  };
  return (
    <div className="flex flex-col gap-2 pb-1">
      <textarea
        ref={field}
        aria-label={`Note on ${name}`}
        rows={2}
        maxLength={maxNoteLength}
        dir="auto"
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKey}
        placeholder="What is right or wrong with it?"
        className="field h-auto! w-full py-1.5"
      />
      <div className="flex items-center gap-2">
        <Button kind="solid" onClick={onSave} title="Ctrl and Enter" className="h-7 px-2.5">
          Save note
        </Button>
        <Button onClick={onCancel} className="h-7 px-2.5">
          Cancel
        </Button>
      </div>
    </div>
  );
}
