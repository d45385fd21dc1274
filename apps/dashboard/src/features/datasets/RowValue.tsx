'use client';

import clsx from 'clsx';
import { useState } from 'react';
import { blobUrl } from '../../api/client.ts';
import { formatCount, formatSize } from '../../ui/format.ts';
import {
  isImage,
  isImageAlone,
  isLong,
  isNumbers,
  isObject,
  maxItems,
  splitFields,
  textAtFirst,
  type PlacedImage,
  type PreviewRow,
} from './rows.ts';

/** Opens the image with a path in its row. */
type OpenImage = (path: string) => void;

/** All fields of a row, as they are exported. What models wrote is text only. */
export function RowFields({ row, onImage }: { row: PreviewRow; onImage: OpenImage }) {
  return <Fields entries={Object.entries(row)} path="" onImage={onImage} />;
}

function Fields({ entries, path, onImage }: { entries: [string, unknown][]; path: string; onImage: OpenImage }) {
  return (
    <dl className="grid min-w-0 gap-x-3 sm:grid-cols-[fit-content(152px)_minmax(0,1fr)]">
      {entries.map(([name, value]) => (
        <div key={name} className="grid min-w-0 grid-cols-subgrid border-t py-1.5 first:border-t-0 sm:col-span-2">
          <dt className="font-mono text-xs/5 break-words text-muted">{name}</dt>
          <dd className="min-w-0">
            <Value value={value} path={path === '' ? name : `${path}.${name}`} onImage={onImage} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The fields of a struct: the short ones on one line, then the others. */
function Struct({ value, path, onImage }: { value: Record<string, unknown>; path: string; onImage: OpenImage }) {
  if (Object.keys(value).length === 0) return <None />;
  const { short, others } = splitFields(value);
  return (
    <div className="flex min-w-0 flex-col gap-1 border-l pl-3">
      {isImage(value) && <Figure image={{ ...value, path }} onOpen={onImage} />}
      {short.length > 0 && (
        <dl className="flex flex-wrap gap-x-4 font-mono text-xs/5">
          {short.map(([name, each]) => (
            <div key={name} className="flex min-w-0 gap-1.5">
              <dt className="text-muted">{name}</dt>
              <dd className="min-w-0 break-words">{String(each)}</dd>
            </div>
          ))}
        </dl>
      )}
      {others.length > 0 && <Fields entries={others} path={path} onImage={onImage} />}
    </div>
  );
}

function Value({ value, path, onImage }: { value: unknown; path: string; onImage: OpenImage }) {
  if (isImageAlone(value)) return <Figure image={{ ...value, path }} onOpen={onImage} />;
  if (typeof value === 'string') return <Text text={value} />;
  if (isNumbers(value)) return <Text text={value.join(', ')} note={numbersNote(value)} />;
  if (Array.isArray(value)) return <Items items={value} path={path} onImage={onImage} />;
  if (isObject(value)) return <Struct value={value} path={path} onImage={onImage} />;
  return <span className="font-mono text-xs/5 text-muted">{String(value)}</span>;
}

const None = () => <span className="text-xs/5 text-muted">none</span>;

function Items({ items, path, onImage }: { items: readonly unknown[]; path: string; onImage: OpenImage }) {
  const [all, setAll] = useState(false);
  if (items.length === 0) return <None />;
  const images = items.every(isImageAlone);
  const shown = all ? items : items.slice(0, maxItems);
  return (
    <div className="flex min-w-0 flex-col items-start gap-1.5">
      <ol className={clsx('w-full min-w-0 gap-2', images ? 'flex flex-wrap' : 'flex flex-col')}>
        {shown.map((item, index) => (
          <li key={index} className={images ? undefined : 'flex min-w-0 gap-2'}>
            {!images && <span className="tabular min-w-4 shrink-0 text-right text-xs/5 text-muted">{index}</span>}
            <div className="min-w-0 flex-1">
              <Value value={item} path={`${path}[${index}]`} onImage={onImage} />
            </div>
          </li>
        ))}
      </ol>
      {items.length > maxItems && <Unfold open={all} onOpen={setAll} what={`all ${formatCount(items.length)} items`} />}
    </div>
  );
}

/** A few numbers are counted at a glance. */
const numbersNote = ({ length }: readonly number[]): string | undefined =>
  length > 16 ? `${formatCount(length)} numbers` : undefined;

function Text({ text, note }: { text: string; note?: string }) {
  const [all, setAll] = useState(false);
  if (text === '') return <span className="text-xs text-muted">empty</span>;
  const long = isLong(text);
  return (
    <div className="flex min-w-0 flex-col items-start gap-1">
      {note && <span className="text-xs text-muted">{note}</span>}
      <pre
        className={clsx(
          'max-w-full min-w-0 font-mono text-xs/5 break-words whitespace-pre-wrap',
          long && !all && 'line-clamp-8',
        )}
      >
        {long && !all ? textAtFirst(text) : text}
      </pre>
      {long && <Unfold open={all} onOpen={setAll} what={`all ${formatCount(text.length)} characters`} />}
    </div>
  );
}

function Unfold({ open, onOpen, what }: { open: boolean; onOpen: (open: boolean) => void; what: string }) {
  return (
    <button
      type="button"
      aria-expanded={open}
      onClick={() => onOpen(!open)}
      className="min-h-6 rounded text-xs text-muted underline underline-offset-2 hover:text-ink"
    >
      {open ? 'Show less' : `Show ${what}`}
    </button>
  );
}

/** An image of a row, which opens at full size. */
export function Thumbnail({ image, size, onOpen }: { image: PlacedImage; size: 40 | 96; onOpen: OpenImage }) {
  return (
    <button
      type="button"
      onClick={() => onOpen(image.path)}
      aria-label={`Open ${image.path}, ${image.width} by ${image.height} pixels`}
      className="flex items-center justify-center overflow-hidden rounded-sm bg-surround outline-line hover:outline"
      style={{ width: size, height: size }}
    >
      <img
        src={blobUrl(image.image, size === 40 ? 96 : 192)}
        alt=""
        loading="lazy"
        decoding="async"
        className="max-h-full max-w-full object-contain"
      />
    </button>
  );
}

function Figure({ image, onOpen }: { image: PlacedImage; onOpen: OpenImage }) {
  return (
    <figure className="m-0">
      <Thumbnail image={image} size={96} onOpen={onOpen} />
      <figcaption className="tabular text-xs text-muted">{formatSize(image)}</figcaption>
    </figure>
  );
}
