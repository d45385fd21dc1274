'use client';

import { partialReplyLimits, type Job, type PartialReply } from '@pentimento/contracts';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { formatCount } from '../../ui/format.ts';
import { useLanguage } from '../../ui/languages.ts';
import { Nothing } from '../../ui/Notice.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { GrowingCode } from './GrowingCode.tsx';
import { progressWords, replyName, stretchesOf } from './partial.ts';
import { usePartialReplies } from './usePartialReplies.ts';

const keyOf = ({ iteration, candidate }: PartialReply): string => `${iteration}.${candidate}`;

/** The replies that models are writing now, one at a time. */
export function LiveTab({ job }: { job: Job }) {
  const replies = usePartialReplies(job.id);
  const [chosen, setChosen] = useState<string | null>(null);
  const reply = replies.find((item) => keyOf(item) === chosen) ?? replies[0];
  if (!reply) return <Nothing>No reply is being written. The next one appears here as it is written.</Nothing>;
  return (
    <div className="flex flex-col md:absolute md:inset-0" data-testid="live">
      {replies.length > 1 && (
        <Segmented
          name="Replies"
          className="border-b p-1"
          options={replies.map((item) => ({ id: keyOf(item), label: keyOf(item), hint: replyName(item) }))}
          selected={keyOf(reply)}
          onSelect={setChosen}
        />
      )}
      <Writing key={`${keyOf(reply)}.${reply.attempt}`} reply={reply} job={job} />
    </div>
  );
}

function Writing({ reply, job }: { reply: PartialReply; job: Job }) {
  const { highlighting } = useLanguage(job.language);
  const left = reply.length - reply.text.length;
  const id = `${job.id}.${keyOf(reply)}.${reply.attempt}.${left}`;
  const { scroller, onScroll } = useFollowing(`${reply.length}.${reply.reasoningLength}`);
  return (
    <>
      <p className="tabular flex flex-wrap gap-x-3 border-b px-3 py-1.5 text-xs text-muted">
        <span className="text-ink">{replyName(reply)}</span>
        <span data-testid="live-progress">{progressWords(reply)}</span>
        {reply.attempt > 1 && <span>attempt {reply.attempt}</span>}
      </p>
      {reply.reasoningLength > 0 && <Thinking reply={reply} />}
      <div
        ref={scroller}
        onScroll={onScroll}
        role="region"
        aria-label="The reply so far"
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto outline-offset-[-2px] max-md:max-h-[60dvh]"
      >
        {left > 0 && (
          <p className="border-b px-3 py-1.5 text-xs text-muted">
            The first {formatCount(left)} characters are not shown while the reply is written.
          </p>
        )}
        <pre className="code py-2 font-mono text-xs wrap-anywhere whitespace-pre-wrap" data-testid="live-text">
          {stretchesOf(reply).map(({ kind, text }, at) =>
            kind === 'code' ? (
              <code key={at}>
                <GrowingCode id={`${id}.${at}`} code={text} grammar={highlighting} />
              </code>
            ) : (
              <span key={at} className="text-muted">
                {text}
              </span>
            ),
          )}
        </pre>
      </div>
    </>
  );
}

function Thinking({ reply: { reasoning, reasoningLength, length } }: { reply: PartialReply }) {
  const isCut = reasoningLength > partialReplyLimits.reasoning;
  return (
    <details className="border-b px-3 py-1.5 text-xs">
      <summary className="w-fit text-muted">
        {length === 0 ? 'Thinking' : 'Thought'}, {formatCount(reasoningLength)} characters
      </summary>
      <pre
        className="mt-1 max-h-40 overflow-auto font-mono break-words whitespace-pre-wrap"
        tabIndex={0}
        role="region"
        aria-label="What the model thinks"
      >
        {isCut && '… '}
        {reasoning}
      </pre>
    </details>
  );
}

const nearEnd = 24;

/** Keeps the end of what grows in view, unless the reader has scrolled away from it. */
function useFollowing(state: string) {
  const scroller = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    if (follows.current && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [state]);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    // Colors come later than the text, and may wrap it in another way.
    const observer = new ResizeObserver(() => {
      if (follows.current) element.scrollTop = element.scrollHeight;
    });
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);
  const onScroll = () => {
    const { scrollHeight, scrollTop, clientHeight } = scroller.current!;
    follows.current = scrollHeight - scrollTop - clientHeight < nearEnd;
  };
  return { scroller, onScroll };
}
