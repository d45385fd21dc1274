'use client';

import { Maximize, Minus, Plus } from 'lucide-react';
import { IconButton } from '../../ui/Button.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { gains, modeLabels, modes, type CompareState } from './model.ts';

export interface SideOption {
  value: string;
  label: string;
}

export function SideSelect({
  name,
  value,
  options,
  onSelect,
}: {
  name: string;
  value: string;
  options: readonly SideOption[];
  onSelect: (value: string) => void;
}) {
  return (
    <select
      aria-label={name}
      value={value}
      onChange={(event) => onSelect(event.target.value)}
      className="h-7 max-w-48 min-w-0 rounded border border-transparent bg-transparent px-1 text-sm font-medium hover:bg-hover"
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

export function ModeBar({
  state,
  onChange,
}: {
  state: CompareState;
  onChange: (change: Partial<CompareState>) => void;
}) {
  return (
    <Segmented
      name="Compare mode"
      className="max-md:contents"
      selected={state.mode}
      onSelect={(mode) => onChange({ mode })}
      options={modes.map((id, index) => ({ id, label: modeLabels[id], hint: `${modeLabels[id]} (${index + 1})` }))}
    />
  );
}

export function ZoomBar({
  scale,
  onIn,
  onOut,
  onFit,
  onActual,
}: {
  scale: number;
  onIn: () => void;
  onOut: () => void;
  onFit: () => void;
  onActual: () => void;
}) {
  return (
    <div role="group" aria-label="Zoom" className="ml-auto flex items-center">
      <IconButton name="Zoom out (−)" onClick={onOut} className="size-7">
        <Minus size={14} aria-hidden />
      </IconButton>
      <button
        type="button"
        onClick={onActual}
        title="One image pixel to one screen pixel (z)"
        aria-label={`Zoom is ${percent(scale)}. Set to 100 %`}
        data-testid="zoom"
        className="tabular h-7 w-16 rounded text-sm hover:bg-hover"
      >
        {percent(scale)}
      </button>
      <IconButton name="Zoom in (=)" onClick={onIn} className="size-7">
        <Plus size={14} aria-hidden />
      </IconButton>
      <IconButton name="Fit the whole image (0)" onClick={onFit} className="size-7">
        <Maximize size={14} aria-hidden />
      </IconButton>
    </div>
  );
}

export function GainSelect({ gain, onSelect }: { gain: number; onSelect: (gain: number) => void }) {
  return (
    <Segmented
      name="Amplify the difference"
      selected={String(gain)}
      onSelect={(value) => onSelect(Number(value))}
      options={gains.map((value) => ({ id: String(value), label: `×${value}` }))}
    />
  );
}

/** A slider under the image, the same for swipe, onion and overlay. */
export function ViewerSlider({
  name,
  value,
  onValue,
}: {
  name: string;
  value: number;
  onValue: (value: number) => void;
}) {
  return (
    <label className="flex min-w-0 items-center gap-2 text-xs text-muted">
      {name}
      <input
        type="range"
        min={0}
        max={100}
        step={1}
        value={value}
        onChange={(event) => onValue(Number(event.target.value))}
        onKeyDown={(event) => {
          const step = { PageUp: 10, PageDown: -10 }[event.key];
          if (step === undefined) return;
          event.preventDefault();
          onValue(Math.min(100, Math.max(0, value + step)));
        }}
        aria-label={name}
        className="h-6 w-36 min-w-0"
      />
      <output className="tabular w-9 text-right">{value} %</output>
    </label>
  );
}

function percent(scale: number): string {
  return `${scale < 0.1 ? (scale * 100).toFixed(1) : Math.round(scale * 100)} %`;
}
