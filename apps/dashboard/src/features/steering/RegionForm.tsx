'use client';

import type { Job } from '@pentimento/contracts';
import { SquareDashedMousePointer } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { FieldError, NumberField, TextField } from '../../ui/fields.tsx';
import { boxSides, emptyBoxForm, formOfBox, readBox, type BoxForm } from './model.ts';
import type { Marking } from './marking.ts';
import type { Steering } from './useSteering.ts';

const labels = { x: 'Left', y: 'Top', width: 'Width', height: 'Height' } as const;

/** Marks a region by a drag on the images or by its numbers, to fix it in words or to lock it. */
export function RegionForm({ job, steering, marking }: { job: Job; steering: Steering; marking: Marking }) {
  const { box, active, onBox, onActive } = marking;
  const [form, setForm] = useState<BoxForm>(emptyBoxForm);
  const [words, setWords] = useState('');
  const [missing, setMissing] = useState<{ box?: string; words?: string }>({});
  useEffect(() => {
    if (box) setForm(formOfBox(box));
  }, [box]);

  const type = (change: Partial<BoxForm>) => {
    const next = { ...form, ...change };
    setForm(next);
    const read = readBox(next, job.target);
    if (typeof read !== 'string') onBox(read);
  };
  const send = async (kind: 'fix' | 'lock') => {
    const read = readBox(form, job.target);
    const wrong = {
      ...(typeof read === 'string' && { box: read }),
      ...(kind === 'fix' && words.trim() === '' && { words: 'Say what is wrong in the region.' }),
    };
    setMissing(wrong);
    if (typeof read === 'string' || wrong.words) return;
    const saved = await steering.add(kind === 'fix' ? { kind, box: read, words } : { kind, box: read });
    if (!saved) return;
    setForm(emptyBoxForm);
    setWords('');
    onBox(null);
    onActive(false);
  };
  return (
    <>
      <div>
        <Button aria-pressed={active} kind={active ? 'solid' : 'plain'} onClick={() => onActive(!active)}>
          <SquareDashedMousePointer size={16} aria-hidden />
          {active ? 'Drag over the images' : 'Mark on the images'}
        </Button>
      </div>
      <div className="grid grid-cols-4 gap-2">
        {boxSides.map((side) => (
          <NumberField
            key={side}
            label={labels[side]}
            value={form[side]}
            onValue={(value) => type({ [side]: value })}
          />
        ))}
      </div>
      {missing.box && <FieldError text={missing.box} />}
      <TextField
        label="What is wrong there"
        rows={2}
        hint="For a fix. The model reads these words."
        value={words}
        onValue={setWords}
        error={missing.words}
      />
      <div className="flex gap-2">
        <Button kind="solid" disabled={steering.saving} onClick={() => void send('fix')}>
          Fix this
        </Button>
        <Button disabled={steering.saving} onClick={() => void send('lock')}>
          Lock
        </Button>
      </div>
    </>
  );
}
