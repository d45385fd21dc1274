'use client';

import { rewardVersionId, type Export, type ExportFormat, type ExportSummary } from '@pentimento/contracts';
import type { ReactNode } from 'react';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { shownLanguage, useLanguages } from '../../ui/languages.ts';
import { Age, Elapsed } from '../../ui/Time.tsx';
import { FactChips } from './Chips.tsx';
import { FileLink } from './FileLink.tsx';
import { filterFacts, optionFacts } from './words.ts';

/** What a dataset is made of: its format, filter and options, and what made it. */
export function DatasetFacts({ dataset, format }: { dataset: Export; format: ExportFormat | undefined }) {
  const languages = useLanguages();
  const { filter, options, manifest, progress } = dataset;
  return (
    <dl className="grid min-w-0 gap-x-4 gap-y-2 sm:grid-cols-[128px_minmax(0,1fr)] [&_dt]:text-muted">
      <Fact name="Format">
        {format?.title ?? dataset.format} <code className="ml-1 font-mono text-xs text-muted">{dataset.format}</code>
        {format && <p className="max-w-[72ch] text-sm text-muted">{format.description}</p>}
      </Fact>
      <Fact name="Filter">
        <FactChips
          facts={filterFacts(filter, (id) => shownLanguage(languages, id).title)}
          none="none: every trajectory that had ended"
        />
      </Fact>
      <Fact name="Options">
        <FactChips facts={optionFacts(dataset.format, options)} none="none" />
      </Fact>
      <Fact name="License">{options.license || <span className="text-muted">none given</span>}</Fact>
      <Fact name="Created">
        <Age at={dataset.createdAt} ago />
        {dataset.startedAt && dataset.finishedAt && (
          <span className="text-muted">
            , took <Elapsed from={dataset.startedAt} to={dataset.finishedAt} />
          </span>
        )}
      </Fact>
      {manifest && (
        <>
          <Fact name="Size">{formatBytes(progress.bytes)}</Fact>
          <Fact name="Made by">
            Pentimento {manifest.codeVersion}, trace version {formatCount(manifest.traceVersion)},{' '}
            <FileLink id={dataset.id} path="manifest.json">
              manifest.json
            </FileLink>
          </Fact>
          <Fact name="Reward versions">
            <RewardVersions manifest={manifest} />
          </Fact>
        </>
      )}
      <Fact name="Id">
        <span className="font-mono text-xs break-all">{dataset.id}</span>
      </Fact>
    </dl>
  );
}

function RewardVersions({ manifest: { rewardVersions } }: { manifest: ExportSummary }) {
  if (rewardVersions.length === 0) return <span className="text-muted">none: nothing was scored</span>;
  return (
    <ul>
      {rewardVersions.map((version) => (
        <li key={rewardVersionId(version)} className="font-mono text-xs/5 break-all">
          {rewardVersionId(version)}
        </li>
      ))}
    </ul>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}
