'use client';

import { isFinal, type Candidate, type Job } from '@pentimento/contracts';
import type { ReactNode } from 'react';
import type { JobEvents } from '../../api/queries.ts';
import { Nothing } from '../../ui/Notice.tsx';
import { Tabs, type Tab } from '../../ui/Tabs.tsx';
import { useMedia } from '../../ui/useMedia.ts';
import type { Marking } from '../steering/marking.ts';
import { SteerTab } from '../steering/SteerTab.tsx';
import type { Steering } from '../steering/useSteering.ts';
import { CodeTab } from './CodeTab.tsx';
import { DiffTab } from './DiffTab.tsx';
import { EventsTab } from './EventsTab.tsx';
import { LiveTab } from './LiveTab.tsx';
import { LogTab } from './LogTab.tsx';
import type { Step } from './model.ts';
import { PromptTab } from './PromptTab.tsx';
import { ReplyTab } from './ReplyTab.tsx';
import { ScoreBlock } from './ScoreBlock.tsx';
import { TimingsTab } from './TimingsTab.tsx';
import type { TabId } from './view.ts';

interface Props {
  job: Job;
  steps: readonly Step[];
  step: Step | null;
  candidate: Candidate | null;
  events: JobEvents;
  tab: TabId;
  onTab: (tab: TabId) => void;
  onSelect: (index: number) => void;
  onCandidate: (index: number) => void;
  /** The patches, where they have no separate pane. */
  patches: ReactNode;
  steering: Steering;
  marking: Marking;
}

const always: readonly Tab<TabId>[] = [
  { id: 'code', label: 'Code' },
  { id: 'diff', label: 'Diff' },
  { id: 'prompt', label: 'Prompt' },
  { id: 'reply', label: 'Reply' },
  { id: 'log', label: 'Log' },
  { id: 'timings', label: 'Timings' },
  { id: 'events', label: 'Events' },
];

/** The score of the selection, and all its details. On a phone the score is a tab too. */
export function DetailPane(props: Props) {
  const { steps, candidate, tab, onTab, patches } = props;
  const isLive = !isFinal(props.job.status);
  const narrow = !useMedia('(min-width: 768px)');
  const score = (
    <ScoreBlock
      job={props.job}
      steps={steps}
      step={props.step}
      candidate={candidate}
      onSelect={props.onSelect}
      onCandidate={props.onCandidate}
    />
  );
  const tabs: Tab<TabId>[] = [
    ...(narrow ? [{ id: 'score', label: 'Score' } as const] : []),
    ...(patches ? [{ id: 'patches', label: 'Patches' } as const] : []),
    ...(isLive ? [{ id: 'live', label: 'Live' } as const] : []),
    ...(props.job.kind === 'refinement' ? [{ id: 'steer', label: 'Steer' } as const] : []),
    ...always.map((item) =>
      item.id === 'log' && candidate?.render?.status === 'failed' ? { ...item, note: '!' } : item,
    ),
  ];
  const selected = tabs.some((item) => item.id === tab) ? tab : 'code';
  return (
    <>
      {!narrow && score}
      <Tabs name="Details of the iteration" tabs={tabs} selected={selected} onSelect={onTab}>
        {selected === 'score' && score}
        {selected === 'patches' && patches}
        {selected === 'live' && <LiveTab job={props.job} />}
        {selected === 'steer' && (
          <SteerTab job={props.job} candidate={candidate} steering={props.steering} marking={props.marking} />
        )}
        {selected === 'timings' && <TimingsTab steps={steps} selected={props.step} onSelect={props.onSelect} />}
        {selected === 'events' && <EventsTab events={props.events} />}
        {candidate ? (
          <CandidateTab {...props} candidate={candidate} tab={selected} />
        ) : (
          !['events', 'timings', 'live', 'steer'].includes(selected) && <Nothing>There is no iteration yet.</Nothing>
        )}
      </Tabs>
    </>
  );
}

function CandidateTab({ job, steps, candidate, tab }: Props & { candidate: Candidate }) {
  switch (tab) {
    case 'code':
      return <CodeTab candidate={candidate} language={job.language} editable={job.kind === 'refinement'} />;
    case 'diff':
      return <DiffTab steps={steps} candidate={candidate} best={job.best?.candidate ?? null} />;
    case 'prompt':
      return <PromptTab candidate={candidate} />;
    case 'reply':
      return <ReplyTab candidate={candidate} />;
    case 'log':
      return <LogTab candidate={candidate} />;
    default:
      return null;
  }
}
